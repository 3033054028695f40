"use client";

import Link from "next/link";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { paymentCsv } from "#components/payments/payment-csv.ts";
import { sumSelection } from "#components/payments/row-selection.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { SelectionBar } from "#components/ui/result-line.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { bulkIdsMax } from "#server/bulk/bulk.values.ts";
import type { PaymentRow } from "#server/payments/search-payments.ts";

/** What is selected, what it adds up to, and what can be done with it. */
export function PaymentSelectionBar({
  rows,
  onCopyKeys,
  onClear,
}: {
  rows: readonly PaymentRow[];
  onCopyKeys: () => void;
  onClear: () => void;
}) {
  const texts = useTexts();
  const { common, paymentList } = texts;
  const words = paymentList.selection;
  const language = useLanguage();
  const toast = useToast();
  const mayCancel = useMay("payment:bulk-cancel");
  const { count, money, statuses } = sumSelection(rows);
  const exportCsv = () => {
    const url = URL.createObjectURL(new Blob([paymentCsv(rows, texts)], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = url;
    const stamp = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 19).replace(/\D/g, "");
    link.download = words.fileName(stamp);
    link.click();
    URL.revokeObjectURL(url);
    toast(words.exported(count));
  };
  return (
    <SelectionBar
      onClear={onClear}
      actions={
        <>
          {!mayCancel ? null : count <= bulkIdsMax ? (
            <Link
              href={`/bulk/new?ids=${rows.map((row) => row.id).join(",")}`}
              className={buttonClasses("danger", "small")}
            >
              {words.cancel}
            </Link>
          ) : (
            <Button look="danger" size="small" disabled title={words.cancelTooMany(bulkIdsMax)}>
              {words.cancel}
            </Button>
          )}
          <Button size="small" onClick={onCopyKeys}>
            {words.copyKeys}
          </Button>
          <Button size="small" onClick={exportCsv}>
            {words.export}
          </Button>
        </>
      }
    >
      <b className="font-semibold">{common.selectedCount(count)}</b>
      {money.map((line) => (
        <span key={line.currency}>
          {words.money(formatMoney(line.amountMinor, language), formatMoney(line.balanceMinor, language))}
          {line.currency === "KRW" ? null : ` ${line.currency}`}
        </span>
      ))}
      <span className="flex flex-wrap items-center gap-x-2 max-wide:hidden">
        {statuses.map(({ status, count: ofStatus }) => (
          <span key={status} className="inline-flex items-center gap-1">
            <StatusBadge status={status} /> {ofStatus.toLocaleString("en-US")}
          </span>
        ))}
      </span>
    </SelectionBar>
  );
}
