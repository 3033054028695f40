import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { VansScreen } from "#components/vans/vans-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.vans.title };
}

export default function VansPage() {
  return (
    <PermissionGate permission="van:read">
      <VansScreen />
    </PermissionGate>
  );
}
