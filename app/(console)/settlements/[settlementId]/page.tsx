import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { SettlementScreen } from "#components/settlements/settlement-screen.tsx";

type Props = { params: Promise<{ settlementId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.settlements.title };
}

export default async function SettlementPage({ params }: Props) {
  const { settlementId } = await params;
  return (
    <PermissionGate permission="settlement:read">
      <LoadAreaTexts areas={["changeRequests", "malls", "settlements", "exports"]}>
        <SettlementScreen settlementId={decodeURIComponent(settlementId)} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
