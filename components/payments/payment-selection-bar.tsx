"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { matchingHref } from "#components/bulk/chosen-address.ts";
import { keepPicked } from "#components/bulk/picked-payments.ts";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { paymentCsv } from "#components/payments/payment-csv.ts";
import { sumSelection } from "#components/payments/row-selection.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { SelectionBar } from "#components/ui/result-line.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { bulkAddressIdsMax, bulkRowsMax } from "#server/bulk/bulk.values.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import type { PaymentRow, Summary } from "#server/payments/search-payments.ts";

/** Everything that matches, of which the loaded rows are a part. */
export type AllMatching = Readonly<{
  /** With the period that the list covers. */
  filter: PaymentFilterInput;
  summary: Summary;
  isSelected: boolean;
  onSelect: () => void;
}>;

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
  const { count, money, statuses } = sumSelection(rows);
  const moneyOf = (line: { currency: string; amountMinor: bigint; balanceMinor: bigint }) => (
    <span key={line.currency}>
      {words.money(formatMoney(line.amountMinor, language), formatMoney(line.balanceMinor, language))}
      {line.currency === "KRW" ? null : ` ${line.currency}`}
    </span>
  );
  if (all?.isSelected)
    return (
      <SelectionBar
        onClear={onClear}
        actions={
          !mayCancel ? null : all.summary.isComplete && all.summary.count <= bulkRowsMax ? (
            <Link
              href={matchingHref(all.filter, all.summary.count)}
              className={buttonClasses("danger", "small")}
            >
              {words.cancel}
            </Link>
          ) : (
            <CancelTooMany />
          )
        }
      >
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
          {!mayCancel ? null : count <= bulkAddressIdsMax ? (
            <Link
              href={`/bulk/new?ids=${rows.map((row) => row.id).join(",")}`}
              className={buttonClasses("danger", "small")}
            >
              {words.cancel}
            </Link>
          ) : count <= bulkRowsMax ? (
            <Button
              look="danger"
              size="small"
              onClick={() => router.push(keepPicked(rows.map((row) => row.id)))}
            >
              {words.cancel}
            </Button>
          ) : (
            <CancelTooMany />
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
      {money.map(moneyOf)}
      {!mayCancel || !all ? null : all.summary.count > bulkRowsMax ? (
        <span className="text-ink-3">{words.tooManyMatching(all.summary.count, bulkRowsMax)}</span>
      ) : all.summary.isComplete ? (
        <Button look="ghost" size="small" onClick={all.onSelect}>
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

/** A cancel that no bulk run takes: the button stays, and says why. */
function CancelTooMany() {
  const words = useTexts().paymentList.selection;
  return (
    <Button look="danger" size="small" disabled title={words.cancelTooMany(bulkRowsMax)}>
      {words.cancel}
    </Button>
  );
}
