import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { LatencyScreen } from "#components/reports/latency-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.latency.title };
}

export default function LatencyPage() {
  return (
    <PermissionGate permission="latency:read">
      <LoadAreaTexts areas={["latency", "xView"]}>
        <LatencyScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
