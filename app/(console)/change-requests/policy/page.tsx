import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { PolicyScreen } from "#components/change-requests/policy-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.changeRequests.policy.title };
}

export default function PolicyPage() {
  return (
    <PermissionGate permission="change-request:read">
      <LoadAreaTexts areas={["changeRequests"]}>
        <PolicyScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
