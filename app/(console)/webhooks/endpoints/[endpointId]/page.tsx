import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { EndpointScreen } from "#components/webhooks/endpoint-screen.tsx";

type Props = { params: Promise<{ endpointId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.webhooks.tabs.endpoints };
}

export default async function EndpointPage({ params }: Props) {
  const { endpointId } = await params;
  return (
    <PermissionGate permission="webhook:read">
      <LoadAreaTexts areas={["webhooks"]}>
        <EndpointScreen endpointId={decodeURIComponent(endpointId)} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
