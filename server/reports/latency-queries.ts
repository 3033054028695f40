import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import type { Sql } from "#server/platform/db.ts";
import {
  type LatencyHistogram,
  mergeHistograms,
  percentileMs,
} from "#server/reports/domain/latency-histogram.ts";
import { slotSecondsFor, slotStart, slotStarts } from "#server/reports/domain/latency-slots.ts";
import type { LatencyQuery } from "#server/reports/latency.schemas.ts";
import { latencyPeriodsMs } from "#server/reports/latency.values.ts";

export type OutcomeCounts = Readonly<Record<AnswerOutcome, number>>;
/** Durations in milliseconds; `null` where nothing was answered: a gap, not a zero. `approvalRate` is a share of 1. */
export type LatencyFigures = Readonly<{
  counts: OutcomeCounts;
  count: number;
  approvalRate: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}>;
/** `seconds` is how much of the slot lies in the period: rates per minute divide by it. */
export type LatencySlot = LatencyFigures & Readonly<{ at: Date; seconds: number }>;
/** A VAN, a mall or a mall's route to a VAN. `slots` are told of the busiest few only: a chart holds no more lines. */
export type LatencyGroup = Readonly<{
  id: string;
  vanCode: string | null;
  mallId: string | null;
  mallName: string | null;
  total: LatencyFigures;
  slots: readonly LatencySlot[] | null;
}>;
export type LatencyReport = Readonly<{
  from: Date;
  to: Date;
  slotSeconds: number;
  /** The newest minute that has been counted. */
  countedUntil: Date | null;
  total: LatencyFigures;
  slots: readonly LatencySlot[];
  /** The busiest first. VANs are few and come by their code. */
  groups: readonly LatencyGroup[];
  /** How many groups there are; no more than a screenful come. */
  groupsTotal: number;
}>;

type Row = {
  slot: number;
  vanCode: string | null;
  mallId: string | null;
  outcome: AnswerOutcome;
  bucket: number;
  count: number;
};

const minuteMs = 60_000;
const groupsMax = 50;
const groupsWithSlots = 6;

/** Percentiles, outcomes and throughput of a period, as a whole, per group and per slot, from the minute histograms. */
export async function readLatency(sql: Sql, query: LatencyQuery, now: Date): Promise<LatencyReport> {
  const { from, to } = rangeOf(query, now);
  const slotSeconds = slotSecondsFor(to.getTime() - from.getTime());
  const [rows, [newest]] = await Promise.all([
    sql.run<Row>(
      {
        name: "latency-slots",
        // 32400 s is Seoul's offset: the slots of hours and days begin there with `slotStart`.
        text: `SELECT (floor((extract(epoch FROM minute) + 32400) / $3::int) * $3::int - 32400)::float8 AS slot,
          CASE WHEN $6 <> 'mall' THEN van_code END AS "vanCode", CASE WHEN $6 <> 'van' THEN mall_id END AS "mallId", outcome, bucket, sum(count)::int AS count
        FROM latency_minute WHERE minute >= $1 AND minute < $2
          AND (cardinality($4::text[]) = 0 OR van_code = ANY($4)) AND (cardinality($5::text[]) = 0 OR mall_id = ANY($5))
        GROUP BY 1, 2, 3, 4, 5`,
      },
      [from, to, slotSeconds, query.van, query.mall, query.by],
    ),
    sql.run<{ minute: Date | null }>(
      { name: "latency-newest-minute", text: "SELECT max(minute) AS minute FROM latency_minute" },
      [],
    ),
  ]);
  const starts = slotStarts(from, to, slotSeconds);
  const range = { from, to, slotSeconds };
  const ofGroup = Map.groupBy(rows, ({ vanCode, mallId }) => [mallId, vanCode].filter(Boolean).join(" "));
  const ranked = [...ofGroup]
    .map(([id, those]) => ({ id, those, total: figuresOf(those) }))
    .sort((a, b) =>
      query.by === "van" ? compare(a.id, b.id) : b.total.count - a.total.count || compare(a.id, b.id),
    );
  const names = await readMallNames(
    sql,
    query.by === "van" ? [] : ranked.slice(0, groupsMax).map(({ those }) => those[0]?.mallId ?? ""),
  );
  return {
    from,
    to,
    slotSeconds,
    countedUntil: newest?.minute ?? null,
    total: figuresOf(rows),
    slots: slotsOf(rows, starts, range),
    groupsTotal: ranked.length,
    groups: ranked.slice(0, groupsMax).map(({ id, those, total }, rank) => {
      const mallId = those[0]?.mallId ?? null;
      return {
        id,
        vanCode: those[0]?.vanCode ?? null,
        mallId,
        mallName: mallId === null ? null : (names.get(mallId) ?? mallId),
        total,
        slots: rank < groupsWithSlots ? slotsOf(those, starts, range) : null,
      };
    }),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}

async function readMallNames(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const malls = await sql.run<{ id: string; name: string }>(
    { name: "latency-mall-names", text: "SELECT id, name FROM mall WHERE id = ANY($1::text[])" },
    [ids],
  );
  return new Map(malls.map(({ id, name }) => [id, name]));
}

/** What one can choose among: every VAN and mall there is. */
export async function readLatencyChoices(
  sql: Sql,
): Promise<{ vans: { code: string; name: string }[]; malls: { id: string; name: string }[] }> {
  const [vans, malls] = await Promise.all([
    sql.run<{ code: string; name: string }>(
      { name: "latency-vans", text: "SELECT code, name FROM van ORDER BY code" },
      [],
    ),
    sql.run<{ id: string; name: string }>(
      { name: "latency-malls", text: "SELECT id, name FROM mall ORDER BY name" },
      [],
    ),
  ]);
  return { vans, malls };
}

function rangeOf({ range }: LatencyQuery, now: Date): { from: Date; to: Date } {
  // The minute that runs is left out: half a minute would look like a fall.
  const lastFull = Math.floor(now.getTime() / minuteMs) * minuteMs;
  if ("period" in range)
    return { from: new Date(lastFull - latencyPeriodsMs[range.period]), to: new Date(lastFull) };
  const to = Math.ceil(range.to.getTime() / minuteMs) * minuteMs;
  return { from: new Date(Math.floor(range.from.getTime() / minuteMs) * minuteMs), to: new Date(to) };
}

function slotsOf(
  rows: readonly Row[],
  starts: readonly Date[],
  range: { from: Date; to: Date; slotSeconds: number },
): LatencySlot[] {
  const bySlot = Map.groupBy(rows, (row) =>
    slotStart(new Date(row.slot * 1_000), range.slotSeconds).getTime(),
  );
  return starts.map((at) => {
    const begin = Math.max(at.getTime(), range.from.getTime());
    const end = Math.min(at.getTime() + range.slotSeconds * 1_000, range.to.getTime());
    return { at, seconds: (end - begin) / 1_000, ...figuresOf(bySlot.get(at.getTime()) ?? []) };
  });
}

function figuresOf(rows: readonly Row[]): LatencyFigures {
  const counts = { approved: 0, declined: 0, unknown: 0, failed: 0 };
  for (const row of rows) counts[row.outcome] += row.count;
  const count = counts.approved + counts.declined + counts.unknown + counts.failed;
  const histogram: LatencyHistogram = mergeHistograms(rows.map((row) => new Map([[row.bucket, row.count]])));
  return {
    counts,
    count,
    approvalRate: count === 0 ? null : counts.approved / count,
    p50Ms: percentileMs(histogram, 0.5),
    p95Ms: percentileMs(histogram, 0.95),
    p99Ms: percentileMs(histogram, 0.99),
  };
}
