"use client";

import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

const pages = [
  { id: "list", href: "/settlements" },
  { id: "calendar", href: "/settlements/calendar" },
  { id: "fund", href: "/settlements/fund" },
] as const;

/** The pages about settlement, side by side. */
export function SettlementTabs({ page }: { page: (typeof pages)[number]["id"] }) {
  const { settlements } = useTexts();
  return (
    <nav
      aria-label={settlements.tabs.label}
      className="flex shrink-0 gap-1 overflow-x-auto border-line border-b px-6 [scrollbar-width:none] max-wide:px-4 print:hidden"
    >
      {pages.map(({ id, href }) => (
        <Link
          key={id}
          href={href}
          aria-current={id === page ? "page" : undefined}
          className={classes(
            "-mb-px flex items-center whitespace-nowrap border-b-2 px-2 py-1.5 no-underline first:-ml-2 focus-visible:-outline-offset-2 max-wide:min-h-10",
            id === page
              ? "border-accent font-semibold text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {settlements.tabs[id]}
        </Link>
      ))}
    </nav>
  );
}
