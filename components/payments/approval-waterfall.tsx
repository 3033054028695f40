"use client";

import Link from "next/link";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { hopsOf } from "#components/payments/timeline.ts";
import { classes } from "#components/ui/classes.ts";

/** Where the time of an approval went: one bar for each hop, milliseconds at the right, the slow hop named by word. */
export function ApprovalWaterfall({
  detail,
  vanCode,
  vanP95Ms,
}: {
  detail: unknown;
  vanCode: string;
  vanP95Ms: number | null;
}) {
  const { waterfall } = useTexts().payments;
  const mayReadLatency = useMay("latency:read");
  const read = hopsOf(detail, vanP95Ms);
  if (!read) return null;
  const { hops, totalMs, aboveP95 } = read;
  const names = { ...waterfall, van: waterfall.van(vanCode) };
  const share = (durationMs: number) => `${totalMs > 0 ? (durationMs / totalMs) * 100 : 0}%`;
  const ms = (durationMs: number) => `${formatNumber(Math.round(durationMs))} ms`;
  return (
    <>
      <table className="mt-1.5 mb-0.5 w-full border-separate border-spacing-0 overflow-hidden rounded-panel border border-line">
        <caption className="sr-only">{waterfall.caption}</caption>
        <tbody>
          {hops.map((hop) => (
            <tr key={hop.id}>
              <th
                scope="row"
                className="h-[27px] w-[210px] border-line border-b pr-2 pl-3 text-left font-normal max-wide:w-auto"
              >
                {names[hop.id]}
              </th>
              <td className="border-line border-b px-2 max-wide:hidden">
                <span aria-hidden className="relative block h-2">
                  <span
                    className={classes(
                      "absolute top-0 h-2 min-w-0.5 rounded-[2px]",
                      hop.id === "van" ? "bg-run" : "bg-ink-3",
                    )}
                    style={{
                      left: `min(${share(hop.fromMs)}, calc(100% - 2px))`,
                      width: share(hop.durationMs),
                    }}
                  />
                </span>
              </td>
              <td
                className={classes(
                  "w-[112px] whitespace-nowrap border-line border-b pr-3 pl-2 text-right",
                  hop.slow && "font-semibold text-warn",
                )}
              >
                {hop.slow ? `${waterfall.slow} ` : ""}
                {ms(hop.durationMs)}
              </td>
            </tr>
          ))}
          <tr className="bg-sunken font-semibold">
            <th scope="row" className="h-[27px] pr-2 pl-3 text-left">
              {waterfall.total}
            </th>
            <td className="max-wide:hidden" />
            <td className="whitespace-nowrap pr-3 pl-2 text-right">{ms(totalMs)}</td>
          </tr>
        </tbody>
      </table>
      {aboveP95 && vanP95Ms !== null ? (
        <p className="text-ink-3 text-meta">
          {waterfall.aboveP95(vanCode, ms(vanP95Ms))}{" "}
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
