import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { SettlementsScreen } from "#components/settlements/settlements-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.settlements.title };
}

export default function SettlementsPage() {
  return (
    <PermissionGate permission="settlement:read">
      <LoadAreaTexts areas={["changeRequests", "settlements", "exports"]}>
        <SettlementsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
