"use client";

import Link from "next/link";
import { classes } from "#components/ui/classes.ts";

/** Pages of one subject, side by side; the open one is marked. On a narrow screen the row scrolls. */
export function PageTabs<Id extends string>({
  label,
  pages,
  open,
  names,
}: {
  label: string;
  pages: readonly { id: Id; href: string }[];
  open: Id;
  names: Readonly<Record<Id, string>>;
}) {
  return (
    <nav
      aria-label={label}
      className="flex shrink-0 gap-1 overflow-x-auto border-line border-b px-6 [scrollbar-width:none] max-wide:px-4 print:hidden"
    >
      {pages.map(({ id, href }) => (
        <Link
          key={id}
          href={href}
          aria-current={id === open ? "page" : undefined}
          className={classes(
            "-mb-px flex items-center whitespace-nowrap border-b-2 px-2 py-1.5 no-underline first:-ml-2 focus-visible:-outline-offset-2 max-wide:min-h-10",
            id === open
              ? "border-accent font-semibold text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {names[id]}
        </Link>
      ))}
    </nav>
  );
}
