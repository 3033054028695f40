import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { LatencyScreen } from "#components/reports/latency-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.latency.title };
}

export default function LatencyPage() {
  return (
    <PermissionGate permission="latency:read">
      <LatencyScreen />
    </PermissionGate>
  );
}
