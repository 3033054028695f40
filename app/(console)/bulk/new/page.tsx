import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { NewBulkScreen } from "#components/bulk/new-bulk-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.bulk.list.start };
}

export default function NewBulkPage() {
  return (
    <PermissionGate permission="payment:bulk-cancel">
      <LoadAreaTexts areas={["bulk", "changeRequests", "payments"]}>
        <NewBulkScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
