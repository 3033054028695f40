import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { WebhooksScreen } from "#components/webhooks/webhooks-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.webhooks.title };
}

export default function WebhooksPage() {
  return (
    <PermissionGate permission="webhook:read">
      <LoadAreaTexts areas={["payments", "webhooks"]}>
        <WebhooksScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
