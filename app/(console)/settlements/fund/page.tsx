import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { FundScreen } from "#components/settlements/fund-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.settlements.fund.title };
}

export default function SettlementFundPage() {
  return (
    <PermissionGate permission="settlement:read">
      <LoadAreaTexts areas={["settlements"]}>
        <FundScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
