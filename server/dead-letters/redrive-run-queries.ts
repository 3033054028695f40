import { Prisma } from "#prisma/generated/client.ts";
import type { DeadLetterJob, DeadLetterStatus } from "#server/dead-letters/dead-letter.values.ts";
import type { RedriveOutcome, RedriveWhy } from "#server/dead-letters/domain/decide-redrive.ts";
import type { RunLettersSearch, RunListSearch } from "#server/dead-letters/redrive-run.schemas.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { Db } from "#server/platform/db.ts";
import { type ItemState, itemStates, type RunStatus } from "#server/work-runs/domain/run.ts";

/** A run as a line of the list; names are those of operators. `counts` says how many letters are in each state. */
export type RedriveRunLine = Readonly<{
  id: string;
  status: RunStatus;
  createdAt: Date;
  requestedBy: string;
  reason: string | null;
  startedBy: string | null;
  startedAt: Date | null;
  pausedAt: Date | null;
  /** `null` while it is not paused, or when it paused itself. */
  pausedBy: string | null;
  endedAt: Date | null;
  endedBy: string | null;
  itemCount: number;
  matchingCount: number;
  itemsPerSecond: number | null;
  failuresToPause: number | null;
  counts: Readonly<Record<ItemState, number>>;
}>;

export type OutcomeTotal = Readonly<{
  count: number;
  amountMinor: bigint;
  byJob: Readonly<Record<string, number>>;
}>;

/** A run with what its preview says. */
export type RedriveRunDetail = RedriveRunLine &
  Readonly<{
    previewedAt: Date | null;
    /** How many letters the preview has looked at. */
    previewedCount: number;
    totals: Readonly<Record<RedriveOutcome, OutcomeTotal>>;
  }>;

const runColumns = Prisma.sql`r.id, r.status, r.created_at AS "createdAt", coalesce(q.name, r.requested_by) AS "requestedBy", r.reason,
  coalesce(s.name, r.started_by) AS "startedBy", r.started_at AS "startedAt", r.paused_at AS "pausedAt", coalesce(p.name, r.paused_by) AS "pausedBy",
  r.ended_at AS "endedAt", coalesce(e.name, r.ended_by) AS "endedBy", r.item_count AS "itemCount", r.matching_count AS "matchingCount",
  r.items_per_second AS "itemsPerSecond", r.failures_to_pause AS "failuresToPause", r.previewed_at AS "previewedAt"`;
const runFrom = Prisma.sql`FROM work_run r LEFT JOIN operator q ON q.id = r.requested_by LEFT JOIN operator s ON s.id = r.started_by
  LEFT JOIN operator p ON p.id = r.paused_by LEFT JOIN operator e ON e.id = r.ended_by`;

const noCounts = () => Object.fromEntries(itemStates.map((state) => [state, 0])) as Record<ItemState, number>;

/** Where a run stands, what its preview says and how many letters are in each state; `undefined` when there is none of that id. */
export async function readRedriveRun(db: Db, id: string): Promise<RedriveRunDetail | undefined> {
  // The run first: one that is over has no letter under way in what is counted after it, so nobody stops looking too early.
  const [run] = await db.$queryRaw<Omit<RedriveRunDetail, "counts" | "totals" | "previewedCount">[]>`
    SELECT ${runColumns} ${runFrom} WHERE r.id = ${id} AND r.kind = 'REDRIVE'`;
  if (!run) return undefined;
  const groups = await db.$queryRaw<
    {
      state: ItemState;
      outcome: RedriveOutcome | null;
      jobName: string | null;
      count: number;
      amountMinor: bigint;
    }[]
  >`
    SELECT i.state, i.preview_outcome AS outcome, l.job_name AS "jobName", count(*)::int AS count, coalesce(sum(l.amount_minor), 0)::bigint AS "amountMinor"
    FROM work_run_item i LEFT JOIN dead_letter l ON l.id = i.subject_id WHERE i.run_id = ${id} GROUP BY 1, 2, 3`;
  const counts = noCounts();
  for (const { state, count } of groups) counts[state] += count;
  const of = (outcome: RedriveOutcome): OutcomeTotal => {
    const group = groups.filter((row) => row.outcome === outcome);
    const byJob: Record<string, number> = {};
    for (const { jobName, count } of group) byJob[jobName ?? ""] = (byJob[jobName ?? ""] ?? 0) + count;
    return {
      count: group.reduce((sum, { count }) => sum + count, 0),
      amountMinor: group.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      byJob,
    };
  };
  const previewedCount = groups.reduce((sum, { outcome, count }) => (outcome ? sum + count : sum), 0);
  return {
    ...run,
    counts,
    previewedCount,
    totals: { SEND: of("SEND"), CLOSE: of("CLOSE"), PERSON: of("PERSON") },
  };
}

/** A page of runs that were started, the newest first. */
export async function listRedriveRuns(
  db: Db,
  { cursor, limit }: RunListSearch,
): Promise<{ runs: RedriveRunLine[]; nextCursor: { createdAt: Date; id: string } | null }> {
  const after = cursor
    ? Prisma.sql`AND (r.created_at, r.id) < (${cursor.createdAt}, ${cursor.id})`
    : Prisma.empty;
  const rows = await db.$queryRaw<
    (Omit<RedriveRunLine, "counts"> & { counts: Partial<Record<ItemState, number>> | null })[]
  >`
    SELECT ${runColumns}, (SELECT jsonb_object_agg(c.state, c.n) FROM
      (SELECT i.state, count(*) AS n FROM work_run_item i WHERE i.run_id = r.id GROUP BY 1) AS c) AS counts
    ${runFrom} WHERE r.kind = 'REDRIVE' AND r.started_at IS NOT NULL ${after}
    ORDER BY r.created_at DESC, r.id DESC LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    runs: page.map((row) => ({ ...row, counts: { ...noCounts(), ...row.counts } })),
    nextCursor: rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null,
  };
}

/** One letter of a run: what the preview said, what became of it, and where its job is. Amount in minor units. */
export type RunLetter = Readonly<{
  id: string;
  place: number;
  state: ItemState;
  jobName: DeadLetterJob | null;
  letterStatus: DeadLetterStatus | null;
  paymentId: string | null;
  orderId: string | null;
  mallName: string | null;
  vanCode: string | null;
  amountMinor: bigint | null;
  outcome: RedriveOutcome | null;
  why: RedriveWhy | null;
  /** The payment's status when it was previewed, and what it becomes when the job succeeds. */
  statusNow: PaymentStatus | null;
  statusAfter: PaymentStatus | null;
  /** What the VAN has on its books where that differs, as decimal text of minor units. */
  vanAmountMinor: string | null;
  paymentStatus: PaymentStatus | null;
  result: string | null;
  error: string | null;
  workedAt: Date | null;
  settledAt: Date | null;
  /** The message on its way: when it is due next and how often it was tried. */
  nextTryAt: Date | null;
  tries: number;
}>;

/** A page of a run's letters in the order they are worked on. */
export async function listRunLetters(
  db: Db,
  { id, states, cursor = 0, limit }: RunLettersSearch,
): Promise<{ letters: RunLetter[]; nextCursor: number | null }> {
  const inStates = states.length > 0 ? Prisma.sql`AND i.state = ANY(${states})` : Prisma.empty;
  const rows = await db.$queryRaw<RunLetter[]>`
    SELECT i.subject_id AS id, i.place, i.state, l.job_name AS "jobName", l.status::text AS "letterStatus", l.payment_id AS "paymentId", p.order_id AS "orderId",
      m.name AS "mallName", l.van_code AS "vanCode", l.amount_minor AS "amountMinor", i.preview_outcome AS outcome, i.preview_why AS why,
      i.preview_detail->>'statusNow' AS "statusNow", i.preview_detail->>'statusAfter' AS "statusAfter",
      i.preview_detail->>'vanAmountMinor' AS "vanAmountMinor", p.status::text AS "paymentStatus", i.result, i.error,
      i.worked_at AS "workedAt", i.settled_at AS "settledAt", o.available_at AS "nextTryAt", coalesce(o.attempts, 0) AS tries
    FROM work_run_item i LEFT JOIN dead_letter l ON l.id = i.subject_id LEFT JOIN payment p ON p.id = l.payment_id
    LEFT JOIN mall m ON m.id = l.mall_id
    LEFT JOIN outbox_message o ON i.state = 'SENT' AND o.job_key = l.job_key || '#redrive-' || l.redrive_count AND o.done_at IS NULL AND o.dead_at IS NULL
    WHERE i.run_id = ${id} AND i.place > ${cursor} ${inStates} ORDER BY i.place LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  return { letters: page, nextCursor: rows.length > limit ? (page.at(-1)?.place ?? null) : null };
}
