import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { MallScreen } from "#components/malls/mall-screen.tsx";

type Props = { params: Promise<{ mallId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.malls.title };
}

export default async function MallPage({ params }: Props) {
  const { mallId } = await params;
  return (
    <PermissionGate permission="mall:read">
      <LoadAreaTexts areas={["changeRequests", "malls"]}>
        <MallScreen mallId={decodeURIComponent(mallId)} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
