import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { VansScreen } from "#components/vans/vans-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.vans.title };
}

export default function VansPage() {
  return (
    <PermissionGate permission="van:read">
      <LoadAreaTexts areas={["latency", "vans"]}>
        <VansScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
