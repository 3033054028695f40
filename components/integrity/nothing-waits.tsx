import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";

/** Good news of a section, in a line: the page has more to say than that. */
export function NothingWaits({ title, children }: { title: string; children: ReactNode }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 border-line border-y px-6 py-3 text-ink-2 max-wide:px-4">
      <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" strokeWidth={1.5} />
      <span className="text-ink">{title}</span>
      <span>{children}</span>
    </p>
  );
}
