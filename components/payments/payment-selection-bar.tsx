"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { type AllMatching, handOverOf } from "#components/payments/bulk-hand-over.ts";
import { paymentCsv } from "#components/payments/payment-csv.ts";
import { sumSelection } from "#components/payments/row-selection.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { SelectionBar } from "#components/ui/result-line.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { bulkRowsMax } from "#server/bulk/bulk.values.ts";
import type { PaymentRow } from "#server/payments/search-payments.ts";

/**
 * What is selected, what it adds up to, and what can be done with it. `all` offers to select everything that matches, when
 * every loaded row is selected and there are more.
 */
export function PaymentSelectionBar({
  rows,
  all,
  onCopyKeys,
  onClear,
}: {
  rows: readonly PaymentRow[];
  all: AllMatching | null;
  onCopyKeys: () => void;
  onClear: () => void;
}) {
  const texts = useTexts();
  const { common, paymentList } = texts;
  const words = paymentList.selection;
  const language = useLanguage();
  const router = useRouter();
  const toast = useToast();
  const mayCancel = useMay("payment:bulk-cancel");
  const mayExport = useMay("export:make");
  const { count, money, statuses } = sumSelection(rows);
  const handOver = handOverOf(
    rows.map((row) => row.id),
    all,
  );
  const cancel = !mayCancel ? null : handOver === null ? (
    <Button look="danger" size="small" disabled title={words.cancelTooMany(bulkRowsMax)}>
      {words.cancel}
    </Button>
  ) : "href" in handOver ? (
    <Link href={handOver.href} className={buttonClasses("danger", "small")}>
      {words.cancel}
    </Link>
  ) : (
    <Button look="danger" size="small" onClick={() => router.push(handOver.keep())}>
      {words.cancel}
    </Button>
  );
  const moneyOf = (line: { currency: string; amountMinor: bigint; balanceMinor: bigint }) => (
    <span key={line.currency}>
      {words.money(formatMoney(line.amountMinor, language), formatMoney(line.balanceMinor, language))}
      {line.currency === "KRW" ? null : ` ${line.currency}`}
    </span>
  );
  if (all?.isSelected)
    return (
      <SelectionBar onClear={onClear} actions={cancel}>
        <b className="font-semibold">{words.allMatching(all.summary.count)}</b>
        {all.summary.totals.map(({ currency, amountMinor, canceledMinor }) =>
          moneyOf({ currency, amountMinor, balanceMinor: amountMinor - canceledMinor }),
        )}
      </SelectionBar>
    );
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
          {cancel}
          <Button size="small" onClick={onCopyKeys}>
            {words.copyKeys}
          </Button>
          {mayExport ? (
            <Button size="small" onClick={exportCsv}>
              {words.export}
            </Button>
          ) : null}
        </>
      }
    >
      <b className="font-semibold">{common.selectedCount(count)}</b>
      {money.map(moneyOf)}
      {!mayCancel || !all ? null : all.summary.count > bulkRowsMax ? (
        <span className="text-ink-3">{words.tooManyMatching(all.summary.count, bulkRowsMax)}</span>
      ) : all.summary.isComplete ? (
        <Button size="small" onClick={all.onSelect}>
          {words.selectMatching(all.summary.count)}
        </Button>
      ) : null}
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
