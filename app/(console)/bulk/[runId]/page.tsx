import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { BulkRunScreen } from "#components/bulk/bulk-run-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.bulk.title };
}

export default async function BulkRunPage({ params }: { params: Promise<{ runId: string }> }) {
  return (
    <PermissionGate permission="payment:read">
      <LoadAreaTexts areas={["bulk", "payments"]}>
        <BulkRunScreen runId={decodeURIComponent((await params).runId)} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
