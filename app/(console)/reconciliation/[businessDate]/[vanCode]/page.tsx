import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { DayScreen } from "#components/reconciliation/day-screen.tsx";

type Props = { params: Promise<{ businessDate: string; vanCode: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.reconciliation.title };
}

export default async function ReconciliationDayPage({ params }: Props) {
  const { businessDate, vanCode } = await params;
  return (
    <PermissionGate permission="reconciliation:read">
      <LoadAreaTexts areas={["changeRequests", "reconciliation", "settlements", "exports"]}>
        <DayScreen businessDate={decodeURIComponent(businessDate)} vanCode={decodeURIComponent(vanCode)} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
