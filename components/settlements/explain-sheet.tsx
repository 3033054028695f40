"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { formatFeeRate } from "#components/malls/fee-rate.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { LineExplanation } from "#server/settlement/explain-line.ts";

/** Why a line says what it says: each step with its numbers, the terms they are of, and what it settles. */
export function ExplainSheet({
  settlementId,
  lineNo,
  onClose,
}: {
  settlementId: string;
  lineNo: number;
  onClose: () => void;
}) {
  const { explain: words } = useTexts().settlements;
  const trpc = useTRPC();
  const query = useQuery(trpc.settlement.explain.queryOptions({ settlementId, lineNo }));
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={words.title(lineNo)}>
      {query.isError ? (
        <QueryError
          error={query.error}
          title={words.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : query.data ? (
        <>
          <Amounts explanation={query.data} />
          <Steps explanation={query.data} />
          <Terms explanation={query.data} />
          <Settled explanation={query.data} />
        </>
      ) : (
        <>
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-32 w-full" />
          <Skeleton className="h-24 w-full" />
        </>
      )}
    </Sheet>
  );
}

type Part = { explanation: LineExplanation };

function Heading({ children }: { children: ReactNode }) {
  return <h3 className="pt-1 font-bold text-section">{children}</h3>;
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode] | null)[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 tabular-nums">
      {facts.map((fact) =>
        fact ? (
          <div key={fact[0]} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-3">{fact[0]}</dt>
            <dd className="min-w-0 text-right [overflow-wrap:anywhere]">{fact[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function Amounts({ explanation: { line, isReproduced } }: Part) {
  const { explain: words } = useTexts().settlements;
  return (
    <>
      {isReproduced ? <Note>{words.reproduced}</Note> : <Note tone="warn">{words.differs}</Note>}
      <Facts
        facts={[
          line.kind === "ADJUSTMENT"
            ? null
            : [words.amount, <Money key="a" amountMinor={line.amountMinor} />],
          line.kind === "CANCEL"
            ? [words.balanceBefore, <Money key="b" amountMinor={line.balanceBeforeMinor} />]
            : null,
          line.kind === "ADJUSTMENT" ? null : [words.fee, <Money key="f" amountMinor={-line.feeMinor} />],
          line.kind === "ADJUSTMENT"
            ? null
            : [words.feeVat, <Money key="v" amountMinor={-line.feeVatMinor} />],
          [
            words.net,
            <b key="n" className="font-semibold">
              <Money amountMinor={line.netMinor} />
            </b>,
          ],
        ]}
      />
    </>
  );
}

/** The formula with its numbers: `50,000원 × 2.2% = 1100 → 1,100원`. */
function Steps({ explanation: { line, terms, steps } }: Part) {
  const { settlements, malls } = useTexts();
  const { explain: words } = settlements;
  const language = useLanguage();
  return (
    <section>
      <Heading>{words.steps}</Heading>
      {steps.length === 0 ? (
        <p className="text-ink-2">{terms === null ? words.byPeople : words.feeKept}</p>
      ) : (
        <>
          {line.kind === "CANCEL" ? <p className="text-ink-2">{words.stepsOfCancel}</p> : null}
          <ol className="tabular-nums">
            {steps.map((step) => (
              <li key={step.name} className="border-line border-b py-1.5">
                <div className="flex items-baseline justify-between gap-x-3">
                  <span>{words.names[step.name]}</span>
                  <b className="font-semibold">{formatMoney(step.resultMinor, language)}</b>
                </div>
                <div className="text-ink-3 text-meta">
                  {formatMoney(step.ofMinor, language)} × {formatFeeRate(step.rateE5)} = {grouped(step.exact)}{" "}
                  · {malls.contracts.roundings[step.rounding]}
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** A decimal number with its thousands apart. */
function grouped(decimal: string): string {
  const [whole = "0", part] = decimal.split(".");
  const digits = BigInt(whole).toLocaleString("en-US");
  return part === undefined ? digits : `${digits}.${part}`;
}

function Terms({ explanation: { terms, contract, settlement } }: Part) {
  const { settlements, malls } = useTexts();
  const { explain: words } = settlements;
  return (
    <section>
      <Heading>{words.terms}</Heading>
      <Facts
        facts={[
          contract && [words.version, words.versionFrom(contract.effectiveFrom)],
          terms && [words.rate, formatFeeRate(terms.feeRateE5)],
          terms && [words.rounding, malls.contracts.roundings[terms.feeRounding]],
          terms && [
            words.refundable,
            terms.isFeeRefundable ? malls.contracts.refundable.yes : malls.contracts.refundable.no,
          ],
          settlement.payoutDate === null
            ? null
            : [words.calendar, words.calendarOf(settlement.payoutDate, settlement.calendarVersion)],
        ]}
      />
    </section>
  );
}

/** What the line settles: a payment, its cancel, or what people decided. */
function Settled({ explanation: { payment, cancel, adjustment } }: Part) {
  const { explain: words } = useTexts().settlements;
  return (
    <>
      {payment ? (
        <section>
          <Heading>{words.payment}</Heading>
          <Facts
            facts={[
              [
                words.payment,
                <Link
                  key="payment"
                  href={`/payments/${payment.id}`}
                  className="text-link underline underline-offset-2"
                >
                  {words.paymentOf(payment.orderId)}
                </Link>,
              ],
              [words.approvedAt, <DateTime key="at" at={payment.approvedAt} format="full" />],
              [words.van, payment.vanCode],
              cancel && [words.cancelReason, cancel.reason],
              cancel && [words.canceledAt, <DateTime key="cancel" at={cancel.completedAt} format="full" />],
            ]}
          />
        </section>
      ) : null}
      {adjustment ? (
        <section>
          <Heading>{words.adjustment}</Heading>
          <Facts
            facts={[
              [words.reason, adjustment.reason],
              adjustment.correctsId === null ? null : [words.corrects, adjustment.correctsId],
            ]}
          />
        </section>
      ) : null}
    </>
  );
}
