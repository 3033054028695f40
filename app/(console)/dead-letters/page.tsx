import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { DeadLettersScreen } from "#components/dead-letters/dead-letters-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.deadLetters.title };
}

export default function DeadLettersPage() {
  return (
    <PermissionGate permission="dead-letter:read">
      <LoadAreaTexts areas={["changeRequests", "deadLetters"]}>
        <DeadLettersScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
