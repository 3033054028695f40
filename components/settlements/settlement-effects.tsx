"use client";

import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { Booking } from "#components/settlements/settlement-bookings.ts";
import { classes } from "#components/ui/classes.ts";
import { Money } from "#components/ui/money.tsx";

/** The ledger's lines, which come to zero. */
export function BookingTable({ bookings }: { bookings: readonly Booking[] }) {
  const words = useTexts().settlements.bookings;
  if (bookings.length === 0) return <p className="text-ink-2">{words.none}</p>;
  return (
    <table aria-label={words.caption} className="w-full border-line border-t tabular-nums">
      <thead className="text-ink-3 text-meta">
        <tr className="border-line border-b">
          <th scope="col" className="py-1.5 text-left font-normal">
            {words.account}
          </th>
          <th scope="col" className="py-1.5 text-right font-normal">
            {words.debit}
          </th>
          <th scope="col" className="py-1.5 text-right font-normal">
            {words.credit}
          </th>
        </tr>
      </thead>
      <tbody>
        {bookings.map(({ account, amountMinor }) => (
          <tr key={account} className="border-line border-b">
            <th scope="row" className="py-1.5 text-left font-normal text-ink-2">
              {words.accounts[account]}
            </th>
            <td className="py-1.5 pl-2 text-right">
              {amountMinor > 0n ? <Money bare amountMinor={amountMinor} /> : null}
            </td>
            <td className="py-1.5 pl-2 text-right">
              {amountMinor < 0n ? <Money bare amountMinor={-amountMinor} /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What follows, fact by fact. */
export function Effects({
  label,
  facts,
}: {
  label: string;
  facts: readonly (readonly [string, ReactNode])[];
}) {
  return (
    <section aria-label={label} className="rounded-panel border border-line px-3 py-2.5">
      <p className="pb-1 font-semibold">{label}</p>
      <dl className="grid gap-y-1">
        {facts.map(([name, value], index) => (
          <div
            key={name}
            className={classes(
              "grid grid-cols-[72px_minmax(0,1fr)] gap-x-2",
              index > 0 && "border-line border-t pt-1",
            )}
          >
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
