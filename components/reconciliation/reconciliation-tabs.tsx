"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageTabs } from "#components/layout/page-tabs.tsx";

const pages = [
  { id: "board", href: "/reconciliation" },
  { id: "items", href: "/reconciliation/items" },
] as const;

/** The pages about reconciliation, side by side. */
export function ReconciliationTabs({ page }: { page: (typeof pages)[number]["id"] }) {
  const { tabs } = useTexts().reconciliation;
  return <PageTabs label={tabs.label} pages={pages} open={page} names={tabs} />;
}
