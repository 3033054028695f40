"use client";

import { FileDown } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import type { ExportSourceInput } from "#server/exports/export.schemas.ts";

const ExportSheet = dynamic(
  () => import("#components/exports/export-sheet.tsx").then((module) => module.ExportSheet),
  { ssr: false },
);

/**
 * Makes a file of the list beside it, for whoever may. Of several sources, such as settlements and their lines, a person
 * chooses one; `seenCount` is what the screen says of the first.
 */
export function ExportButton({
  sources,
  seenCount,
  size,
}: {
  sources: readonly [ExportSourceInput, ...ExportSourceInput[]];
  seenCount?: number | undefined;
  size?: "small";
}) {
  const { exports } = useTexts();
  const mayExport = useMay("export:make");
  const [isOpen, setIsOpen] = useState(false);
  if (!mayExport) return null;
  return (
    <>
      <Button {...(size && { size })} onClick={() => setIsOpen(true)}>
        <FileDown aria-hidden className="size-4" strokeWidth={1.5} />
        {exports.button}
      </Button>
      {isOpen ? (
        <ExportSheet sources={sources} seenCount={seenCount} onClose={() => setIsOpen(false)} />
      ) : null}
    </>
  );
}
