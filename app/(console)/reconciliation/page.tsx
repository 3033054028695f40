import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { BoardScreen } from "#components/reconciliation/board-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.reconciliation.title };
}

export default function ReconciliationPage() {
  return (
    <PermissionGate permission="reconciliation:read">
      <LoadAreaTexts areas={["reconciliation", "settlements", "exports"]}>
        <BoardScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
