import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { ItemsScreen } from "#components/reconciliation/items-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.reconciliation.items.title };
}

export default function ReconciliationItemsPage() {
  return (
    <PermissionGate permission="reconciliation:read">
      <LoadAreaTexts areas={["changeRequests", "reconciliation", "settlements", "exports"]}>
        <ItemsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
