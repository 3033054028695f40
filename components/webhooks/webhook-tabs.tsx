"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageTabs } from "#components/layout/page-tabs.tsx";

const pages = [
  { id: "deliveries", href: "/webhooks" },
  { id: "endpoints", href: "/webhooks/endpoints" },
] as const;

/** The two pages about webhooks, side by side; both show the same malls. */
export function WebhookTabs({ page, mall }: { page: (typeof pages)[number]["id"]; mall: readonly string[] }) {
  const { tabs } = useTexts().webhooks;
  const ofMalls = mall.length > 0 ? `?mall=${mall.map(encodeURIComponent).join(",")}` : "";
  return (
    <PageTabs
      label={tabs.label}
      pages={pages.map(({ id, href }) => ({ id, href: href + ofMalls }))}
      open={page}
      names={tabs}
    />
  );
}
