"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageTabs } from "#components/layout/page-tabs.tsx";

const pages = [
  { id: "deliveries", href: "/webhooks" },
  { id: "endpoints", href: "/webhooks/endpoints" },
] as const;

/** The two pages about webhooks, side by side. */
export function WebhookTabs({ page }: { page: (typeof pages)[number]["id"] }) {
  const { tabs } = useTexts().webhooks;
  return <PageTabs label={tabs.label} pages={pages} open={page} names={tabs} />;
}
