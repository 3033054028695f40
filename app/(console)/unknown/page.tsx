import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { UnresolvedScreen } from "#components/unresolved/unresolved-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.unresolved.title };
}

export default function UnknownPage() {
  return (
    <PermissionGate permission="payment:read">
      <LoadAreaTexts areas={["deadLetters", "payments", "unresolved"]}>
        <UnresolvedScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
