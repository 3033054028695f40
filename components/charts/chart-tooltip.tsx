"use client";

import type { ReactNode } from "react";
import { formatOffsetTime } from "#components/i18n/format.ts";

export type TooltipRow = Readonly<{ name: string; color: string; value: string }>;

/** What the crosshair says: the time, whole with its offset, then rows as the caller sorted them, numbers at the right, a total last. */
export function ChartTooltip({
  heading,
  at,
  rows,
  total,
}: {
  heading: ReactNode;
  /** When what the heading names begins, where it is an instant. */
  at?: Date;
  rows: readonly TooltipRow[];
  total?: Readonly<{ name: string; value: string }>;
}) {
  return (
    <div className="min-w-40 rounded-panel border border-line-2 bg-surface px-3 py-2 text-ink text-meta shadow-float">
      <p className="pb-1 text-ink-3">
        {heading}
        {at ? <span className="block">{formatOffsetTime(at)}</span> : null}
      </p>
      <table className="w-full">
        <tbody>
          {rows.map(({ name, color, value }) => (
            <tr key={name}>
              <td className="py-0.5 pr-4">
                <span
                  aria-hidden
                  className="mr-1.5 inline-block size-2 rounded-full"
                  style={{ background: color }}
                />
                {name}
              </td>
              <td className="text-right font-semibold">{value}</td>
            </tr>
          ))}
          {total ? (
            <tr>
              <td className="border-line border-t pt-1">{total.name}</td>
              <td className="border-line border-t pt-1 text-right font-semibold">{total.value}</td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}
