"use client";

import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

const pages = [
  { id: "deliveries", href: "/webhooks" },
  { id: "endpoints", href: "/webhooks/endpoints" },
] as const;

/** The two pages about webhooks, side by side. */
export function WebhookTabs({ page }: { page: (typeof pages)[number]["id"] }) {
  const { webhooks } = useTexts();
  return (
    <nav
      aria-label={webhooks.tabs.label}
      className="flex shrink-0 gap-1 border-line border-b px-6 max-wide:px-4"
    >
      {pages.map(({ id, href }) => (
        <Link
          key={id}
          href={href}
          aria-current={id === page ? "page" : undefined}
          className={classes(
            "-mb-px flex items-center whitespace-nowrap border-b-2 px-2 py-1.5 no-underline first:-ml-2 max-wide:min-h-10",
            id === page
              ? "border-accent font-semibold text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {webhooks.tabs[id]}
        </Link>
      ))}
    </nav>
  );
}
