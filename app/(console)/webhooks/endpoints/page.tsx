import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { EndpointsScreen } from "#components/webhooks/endpoints-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.webhooks.tabs.endpoints };
}

export default function EndpointsPage() {
  return (
    <PermissionGate permission="webhook:read">
      <LoadAreaTexts areas={["webhooks"]}>
        <EndpointsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
