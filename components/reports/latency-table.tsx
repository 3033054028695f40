"use client";

import Link from "next/link";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { formatMs, formatShare } from "#components/reports/latency-figures.tsx";
import { ExactOnHover } from "#components/ui/date-time.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import type { LatencyFigures } from "#server/reports/latency-queries.ts";

export type LatencyRow = Readonly<{
  id: string;
  name: string;
  /** When it begins, for a slot of time. */
  at?: Date;
  figures: LatencyFigures;
  href: (outcome?: AnswerOutcome) => string;
  strong?: boolean;
}>;

const outcomes: readonly AnswerOutcome[] = ["approved", "declined", "unknown", "failed"];

/** Figures by row (a VAN, a slot of time): every number is a link to the payments it counts. */
export function LatencyTable({
  caption,
  first,
  rows,
}: {
  caption: string;
  first: string;
  rows: readonly LatencyRow[];
}) {
  const { latency } = useTexts();
  return (
    <Table caption={caption}>
      <TableHead>
        <HeaderCell>{first}</HeaderCell>
        <HeaderCell numeric>{latency.columns.count}</HeaderCell>
        <HeaderCell numeric>{latency.columns.rate}</HeaderCell>
        {outcomes.map((outcome) => (
          <HeaderCell key={outcome} numeric>
            {latency.outcomes[outcome]}
          </HeaderCell>
        ))}
        {(["p50", "p95", "p99"] as const).map((name) => (
          <HeaderCell key={name} numeric>
            {latency.percentiles[name]}
          </HeaderCell>
        ))}
      </TableHead>
      <tbody>
        {rows.map(({ id, name, at, figures, href, strong }) => (
          <TableRow key={id} className={strong ? "font-semibold" : ""}>
            <Cell>{at ? <ExactOnHover at={at}>{name}</ExactOnHover> : name}</Cell>
            <Cell numeric>
              <NumberLink value={figures.count} href={href()} label={latency.openPayments(name)} />
            </Cell>
            <Cell numeric>{figures.approvalRate === null ? <Gap /> : formatShare(figures.approvalRate)}</Cell>
            {outcomes.map((outcome) => (
              <Cell key={outcome} numeric>
                <NumberLink
                  value={figures.counts[outcome]}
                  href={href(outcome)}
                  label={latency.openPayments(`${name} ${latency.outcomes[outcome]}`)}
                />
              </Cell>
            ))}
            {(["p50Ms", "p95Ms", "p99Ms"] as const).map((key) => (
              <Cell key={key} numeric>
                {figures[key] === null ? <Gap /> : formatMs(figures[key], latency)}
              </Cell>
            ))}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function NumberLink({ value, href, label }: { value: number; href: string; label: string }) {
  if (value === 0) return <span className="font-normal text-ink-3">0</span>;
  return (
    <Link
      href={href}
      aria-label={`${formatNumber(value)}. ${label}`}
      className="text-ink no-underline hover:underline"
    >
      {formatNumber(value)}
    </Link>
  );
}

function Gap() {
  const { common } = useTexts();
  return (
    <span role="img" aria-label={common.notApplicable} className="font-normal text-ink-3">
      –
    </span>
  );
}
