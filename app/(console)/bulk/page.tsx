import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { BulkRunsScreen } from "#components/bulk/bulk-runs-screen.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.bulk.title };
}

export default function BulkPage() {
  return (
    <PermissionGate permission="payment:read">
      <BulkRunsScreen />
    </PermissionGate>
  );
}
