import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { MallsScreen } from "#components/malls/malls-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.malls.title };
}

export default function MallsPage() {
  return (
    <PermissionGate permission="mall:read">
      <LoadAreaTexts areas={["changeRequests", "malls"]}>
        <MallsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
