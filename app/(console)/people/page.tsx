import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { PeopleScreen } from "#components/people/people-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.people.title };
}

export default function PeoplePage() {
  return (
    <PermissionGate permission="people:read">
      <LoadAreaTexts areas={["people"]}>
        <PeopleScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
