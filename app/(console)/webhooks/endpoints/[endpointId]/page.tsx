import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
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
      <EndpointScreen endpointId={decodeURIComponent(endpointId)} />
    </PermissionGate>
  );
}
