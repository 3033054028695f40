"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import {
  isLasting,
  moveColumn,
  type PaymentColumn,
  paymentColumns,
} from "#components/payments/payment-columns.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

/** Which columns are shown, and in which order. Applies at once: nothing is lost by it. */
export function ColumnChooser({
  columns,
  onChange,
}: {
  columns: readonly PaymentColumn[];
  /** Null: as the list has them. */
  onChange: (columns: readonly PaymentColumn[] | null) => void;
}) {
  const { payments, paymentList } = useTexts();
  const words = paymentList.columns;
  const names = payments.list.columns;
  const [moved, setMoved] = useState("");
  const hidden = paymentColumns.filter((column) => !columns.includes(column));
  const move = (column: PaymentColumn, step: 1 | -1) => {
    const next = moveColumn(columns, column, step);
    onChange(next);
    setMoved(words.moved(names[column], next.indexOf(column) + 1));
  };
  return (
    <div className="flex w-72 max-w-full flex-col gap-2">
      <p className="text-ink-3 text-meta">{words.hint}</p>
      <ul className="max-h-96 overflow-auto">
        {[...columns, ...hidden].map((column) => {
          const place = columns.indexOf(column);
          return (
            <li key={column} className="flex min-h-8 items-center gap-1">
              <Checkbox
                className="min-w-0 flex-1"
                label={
                  <>
                    {names[column]}
                    {isLasting(column) ? (
                      <span className="text-ink-3 text-meta"> {words.lasting}</span>
                    ) : null}
                  </>
                }
                checked={place >= 0}
                disabled={isLasting(column)}
                onChange={(event) =>
                  onChange(
                    event.target.checked ? [...columns, column] : columns.filter((other) => other !== column),
                  )
                }
              />
              {place >= 0 ? (
                <>
                  {/* Stays focusable at the ends: the focus must not jump while a column is moved. */}
                  <IconButton
                    icon={ArrowUp}
                    label={words.up(names[column])}
                    size="iconSmall"
                    aria-disabled={place === 0}
                    onClick={() => move(column, -1)}
                  />
                  <IconButton
                    icon={ArrowDown}
                    label={words.down(names[column])}
                    size="iconSmall"
                    aria-disabled={place === columns.length - 1}
                    onClick={() => move(column, 1)}
                  />
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
      <div className="flex justify-end border-line border-t pt-2">
        <Button look="ghost" size="small" onClick={() => onChange(null)}>
          {words.reset}
        </Button>
      </div>
      <span role="status" className="sr-only">
        {moved}
      </span>
    </div>
  );
}
