import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { XViewScreen } from "#components/x-view/x-view-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.xView.title };
}

export default function XViewPage() {
  return (
    <PermissionGate permission="latency:read">
      <LoadAreaTexts areas={["xView"]}>
        <XViewScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
