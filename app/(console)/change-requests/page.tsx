import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { ChangeRequestsScreen } from "#components/change-requests/change-requests-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.changeRequests.title };
}

export default function ChangeRequestsPage() {
  return (
    <PermissionGate permission="change-request:read">
      <LoadAreaTexts areas={["changeRequests"]}>
        <ChangeRequestsScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
