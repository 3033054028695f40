import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { BulkRunsScreen } from "#components/bulk/bulk-runs-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.bulk.title };
}

export default function BulkPage() {
  return (
    <PermissionGate permission="payment:read">
      <LoadAreaTexts areas={["bulk", "payments"]}>
        <BulkRunsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
