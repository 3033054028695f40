import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { ChangeScreen } from "#components/change-requests/change-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

type Props = { params: Promise<{ requestId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.changeRequests.title };
}

export default async function ChangePage({ params }: Props) {
  const { requestId } = await params;
  return (
    <PermissionGate permission="change-request:read">
      <LoadAreaTexts areas={["bulk", "changeRequests", "deadLetters", "malls", "payments", "settlements"]}>
        <ChangeScreen requestId={decodeURIComponent(requestId)} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
