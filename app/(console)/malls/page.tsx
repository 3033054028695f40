import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { MallsScreen } from "#components/malls/malls-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.malls.title };
}

export default function MallsPage() {
  return (
    <PermissionGate permission="mall:read">
      <MallsScreen />
    </PermissionGate>
  );
}
