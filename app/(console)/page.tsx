import { redirect } from "next/navigation";

/** The list of payments is where a day begins. */
export default function HomePage(): never {
  redirect("/payments");
}
