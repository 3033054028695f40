import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { AuditScreen } from "#components/audit/audit-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.audit.title };
}

export default function AuditPage() {
  return (
    <PermissionGate permission="audit:read">
      <LoadAreaTexts areas={["audit", "payments", "exports"]}>
        <AuditScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
