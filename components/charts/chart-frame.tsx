"use client";

import { ChartLine, Table2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";

/**
 * One chart, one question: a title, its unit, and the same numbers as a table on request. `chart` fills the height;
 * `empty` is said in the middle while the axes stay.
 */
export function ChartFrame({
  title,
  unit,
  chart,
  table,
  empty,
  heightPx = 240,
}: {
  title: string;
  unit: string;
  chart: ReactNode;
  table: ReactNode;
  empty?: string | undefined;
  heightPx?: number;
}) {
  const { common } = useTexts();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const Icon = asTable ? ChartLine : Table2;
  return (
    <section aria-labelledby={id} className="min-w-0">
      <div className="flex items-start gap-2 pb-2">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="font-bold text-section">
            {title}
          </h2>
          <p className="text-ink-3 text-meta">{unit}</p>
        </div>
        <Button look="ghost" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden className="size-4" strokeWidth={1.5} />
          {asTable ? common.asChart : common.asTable}
        </Button>
      </div>
      {asTable ? (
        <div className="overflow-auto border-line border-t" style={{ maxHeight: heightPx * 1.5 }}>
          {table}
        </div>
      ) : (
        <div className="relative" style={{ height: heightPx }}>
          {chart}
          {empty ? <p className="absolute inset-0 grid place-items-center text-ink-3">{empty}</p> : null}
        </div>
      )}
    </section>
  );
}
