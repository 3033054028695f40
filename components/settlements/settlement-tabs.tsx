"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageTabs } from "#components/layout/page-tabs.tsx";

const pages = [
  { id: "list", href: "/settlements" },
  { id: "calendar", href: "/settlements/calendar" },
  { id: "fund", href: "/settlements/fund" },
] as const;

/** The pages about settlement, side by side. */
export function SettlementTabs({ page }: { page: (typeof pages)[number]["id"] }) {
  const { tabs } = useTexts().settlements;
  return <PageTabs label={tabs.label} pages={pages} open={page} names={tabs} />;
}
