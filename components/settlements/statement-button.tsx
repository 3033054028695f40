"use client";

import { FileText } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import type { SettlementDetail } from "#server/settlement/settlement-queries.ts";

const StatementSheet = dynamic(
  () => import("#components/settlements/statement-sheet.tsx").then((module) => module.StatementSheet),
  { ssr: false },
);

/** Opens the statement of what two people confirmed, for whoever may take files out; a draft has none. */
export function StatementButton({ settlement }: { settlement: SettlementDetail }) {
  const words = useTexts().settlements.statement;
  const maySend = useMay("export:make");
  const [isOpen, setIsOpen] = useState(false);
  if (!maySend || (settlement.status !== "CONFIRMED" && settlement.status !== "PAID_OUT")) return null;
  return (
    <>
      <Button size="small" onClick={() => setIsOpen(true)}>
        <FileText aria-hidden className="size-4" strokeWidth={1.5} />
        {words.open}
      </Button>
      {isOpen ? <StatementSheet settlement={settlement} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}
