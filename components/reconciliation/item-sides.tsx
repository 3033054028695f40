"use client";

import { formatAmount } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";

/** What one side has of a record; a date beside it when it is another than that of the day. Nothing there is a fact, and said. */
export function Side({
  amountMinor,
  date,
  businessDate,
}: {
  amountMinor: bigint | null;
  date: string | null;
  businessDate: string;
}) {
  const { items } = useTexts().reconciliation;
  if (amountMinor === null) return <span className="text-ink-3">{items.sideMissing}</span>;
  return (
    <>
      {formatAmount(amountMinor)}
      {date !== null && date !== businessDate ? (
        <small className="block text-meta text-warn">{date.slice(5)}</small>
      ) : null}
    </>
  );
}
