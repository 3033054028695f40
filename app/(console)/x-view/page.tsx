import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { XViewScreen } from "#components/x-view/x-view-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.xView.title };
}

export default function XViewPage() {
  return (
    <PermissionGate permission="latency:read">
      <XViewScreen />
    </PermissionGate>
  );
}
