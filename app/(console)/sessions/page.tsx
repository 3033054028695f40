import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { OwnSessionsScreen } from "#components/people/own-sessions-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.people.sessions.title };
}

export default function SessionsPage() {
  return (
    <PermissionGate permission="own-session:read">
      <LoadAreaTexts areas={["people"]}>
        <OwnSessionsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
