"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { formatDuration, formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import {
  type DeliveryHop,
  type DeliveryHops,
  deliveryHopsOf,
  hopsOf,
} from "#components/payments/timeline.ts";
import { classes } from "#components/ui/classes.ts";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

/** `1,214.3 ms`: tenths, so that the short hops are not all zero and the column adds up. */
function formatTenths(tenths: number): string {
  return `${formatNumber(Math.trunc(tenths / 10))}.${tenths % 10} ms`;
}

/**
 * Where the time of an approval went, from the mall's request to its answer, and on until the mall heard of it by
 * webhook: a bar for each hop, durations at the right, the slow hop named by word. What was not recorded says so.
 */
export function ApprovalWaterfall({
  eventKind,
  detail,
  record,
}: {
  eventKind: string;
  detail: unknown;
  record: PaymentRecord;
}) {
  const { waterfall } = useTexts().payments;
  const mayReadLatency = useMay("latency:read");
  const { vanP95Ms } = record;
  const read = hopsOf(detail, vanP95Ms, record.timing);
  if (!read) return null;
  const { hops, totalMs, totalTenths, isWhole, aboveP95 } = read;
  const names = {
    ...waterfall.hops,
    van: waterfall.van(record.van.code),
    answer: eventKind === "unknown" ? waterfall.answerAfterNetCancel : waterfall.hops.answer,
  };
  const missing = record.isTimingDue ? waterfall.recording : waterfall.notRecorded;
  return (
    <>
      <table className="mt-1.5 mb-0.5 w-full border-separate border-spacing-0 overflow-hidden rounded-panel border border-line">
        <caption className="sr-only">{waterfall.caption}</caption>
        <tbody>
          {hops.map(({ id, fromMs, durationMs, shownTenths, ...hop }) => {
            // The answer to an unknown outcome waits for the VAN once more: that says nothing of us.
            const slow = hop.slow && !(id === "answer" && eventKind === "unknown");
            return (
              <HopRow
                key={id}
                name={names[id]}
                bar={durationMs === null ? null : { fromMs, durationMs, ofMs: totalMs }}
                strong={id === "van"}
                slow={slow}
              >
                {shownTenths === null ? (
                  <span className="text-ink-3">{missing}</span>
                ) : (
                  <>
                    {slow ? `${waterfall.slow} ` : ""}
                    {formatTenths(shownTenths)}
                  </>
                )}
              </HopRow>
            );
          })}
          <TotalRow name={isWhole ? waterfall.total : waterfall.totalBeforeCommit2}>
            {formatTenths(totalTenths)}
          </TotalRow>
        </tbody>
        {deliveryHopsOf(record, eventKind).map((way) => (
          <DeliveryRows key={way.deliveryId} way={way} />
        ))}
      </table>
      {aboveP95 && vanP95Ms !== null ? (
        <p className="text-ink-3 text-meta">
          {waterfall.aboveP95(record.van.code, `${formatNumber(vanP95Ms)} ms`)}{" "}
          {mayReadLatency ? (
            <Link href="/latency" className="underline underline-offset-2">
              {waterfall.latencyLink}
            </Link>
          ) : null}
        </p>
      ) : null}
    </>
  );
}

/** The webhook's way has a scale of its own: it happens after the answer, and may take a thousand times as long. */
function DeliveryRows({ way }: { way: DeliveryHops }) {
  const { payments } = useTexts();
  const { waterfall, webhooks } = payments;
  const language = useLanguage();
  const nameOf = (hop: DeliveryHop, isFirst: boolean) =>
    hop.kind === "try"
      ? waterfall.webhookTry(hop.attempt, hop.status === null ? webhooks.noAnswer : String(hop.status))
      : hop.kind === "more"
        ? waterfall.webhookMore(hop.count)
        : isFirst
          ? waterfall.webhookWait
          : waterfall.webhookAgain;
  return (
    <tbody>
      <tr>
        <th
          scope="colgroup"
          colSpan={3}
          className="h-[27px] max-w-0 overflow-hidden text-ellipsis whitespace-nowrap border-line border-y bg-bg px-3 text-left font-medium text-ink-3 text-meta"
        >
          {waterfall.afterAnswer} · {way.url}
        </th>
      </tr>
      {way.hops.map((hop, index) => (
        <HopRow
          key={hop.key}
          name={nameOf(hop, index === 0)}
          bar={{ ...hop, ofMs: way.totalMs }}
          strong={hop.kind === "try"}
        >
          {formatDuration(hop.durationMs, language)}
        </HopRow>
      ))}
      <TotalRow name={way.status === "DELIVERED" ? waterfall.heard : waterfall.notHeard}>
        {formatDuration(way.totalMs, language)}
      </TotalRow>
    </tbody>
  );
}

function HopRow({
  name,
  bar,
  strong,
  slow = false,
  children,
}: {
  name: string;
  bar: { fromMs: number; durationMs: number; ofMs: number } | null;
  strong: boolean;
  slow?: boolean;
  children: ReactNode;
}) {
  const share = (ms: number) => `${bar && bar.ofMs > 0 ? (ms / bar.ofMs) * 100 : 0}%`;
  return (
    <tr>
      <th
        scope="row"
        className="h-[27px] w-[210px] border-line border-b pr-2 pl-3 text-left font-normal max-wide:w-auto"
      >
        {name}
      </th>
      <td className="border-line border-b px-2 max-wide:hidden">
        {bar ? (
          <span aria-hidden className="relative block h-2">
            <span
              className={classes(
                "absolute top-0 h-2 min-w-0.5 rounded-[2px]",
                strong ? "bg-run" : "bg-ink-3",
              )}
              style={{
                left: `min(${share(bar.fromMs)}, calc(100% - 2px))`,
                width: share(bar.durationMs),
              }}
            />
          </span>
        ) : null}
      </td>
      <td
        className={classes(
          "w-[128px] whitespace-nowrap border-line border-b pr-3 pl-2 text-right",
          slow && "font-semibold text-warn",
        )}
      >
        {children}
      </td>
    </tr>
  );
}

function TotalRow({ name, children }: { name: string; children: ReactNode }) {
  return (
    <tr className="bg-sunken font-semibold">
      <th scope="row" className="h-[27px] pr-2 pl-3 text-left">
        {name}
      </th>
      <td className="max-wide:hidden" />
      <td className="whitespace-nowrap pr-3 pl-2 text-right">{children}</td>
    </tr>
  );
}
