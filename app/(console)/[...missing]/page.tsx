import { notFound } from "next/navigation";

/** An address that leads nowhere keeps its frame, and tells nobody outside which addresses exist. */
export default function MissingPage(): never {
  notFound();
}
