import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { ExportsScreen } from "#components/exports/exports-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.exports.title };
}

export default async function ExportsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { whose } = await searchParams;
  return (
    <PermissionGate permission="export:read">
      <LoadAreaTexts areas={["exports"]}>
        <ExportsScreen whose={whose === "all" ? "all" : "mine"} />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
