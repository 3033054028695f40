import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { IntegrityScreen } from "#components/integrity/integrity-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.integrity.title };
}

export default function IntegrityPage() {
  return (
    <PermissionGate permission="integrity:read">
      <LoadAreaTexts areas={["integrity"]}>
        <IntegrityScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
