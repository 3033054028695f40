import type { InvariantId, RunKind } from "#server/integrity/integrity.schemas.ts";
import { readUnresolvedWork, type UnresolvedWork } from "#server/integrity/invariant-queries.ts";
import { type Invariant, invariants } from "#server/integrity/invariants.ts";
import type { Db, Sql } from "#server/platform/db.ts";

/** How one run ended for one invariant: `null` when the run ended without a result. */
export type HistoryMark = Readonly<{ runId: bigint; at: Date; violations: number | null }>;

export type InvariantState = Readonly<
  Pick<Invariant, "id" | "severity" | "title" | "promise" | "whatToDo"> & {
    /** Findings that are open now; `null` before the first run. */
    violations: number | null;
    /** What is a person's business already, as dead letters. */
    parked: number;
    examined: number;
    checkedAt: Date | null;
    durationMs: number | null;
    /** The last sixty runs, oldest first. */
    history: readonly HistoryMark[];
  }
>;

export type RunLine = Readonly<{
  id: bigint;
  kind: RunKind;
  requestedBy: string | null;
  requestedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
  paymentsTotal: number | null;
  paymentsChecked: number;
}>;

export type IntegrityOverview = Readonly<{
  invariants: readonly InvariantState[];
  /** The last run that ended. */
  last: RunLine | null;
  /** The last full run with a result. */
  lastFull: RunLine | null;
  /** The run that waits or is under way. */
  present: RunLine | null;
}>;

const historyRuns = 60;

const runColumns = {
  id: true,
  kind: true,
  requestedBy: true,
  requestedAt: true,
  startedAt: true,
  finishedAt: true,
  error: true,
  paymentsTotal: true,
  paymentsChecked: true,
} as const;

type RunRow = Omit<RunLine, "kind"> & { kind: string };
// The column is text; its CHECK allows no other values.
const toRun = (row: RunRow | null): RunLine | null => row && { ...row, kind: row.kind as RunKind };

/** All invariants with what the last runs said of them, and the runs themselves. */
export async function readIntegrityOverview(db: Db): Promise<IntegrityOverview> {
  const [runs, lastFull, present, open] = await Promise.all([
    db.integrityRun.findMany({
      where: { finishedAt: { not: null } },
      orderBy: { id: "desc" },
      take: historyRuns,
      select: {
        ...runColumns,
        checks: {
          select: {
            invariant: true,
            violations: true,
            parked: true,
            examined: true,
            durationMs: true,
            checkedAt: true,
          },
        },
      },
    }),
    db.integrityRun.findFirst({
      where: { kind: "FULL", error: null, finishedAt: { not: null } },
      orderBy: { finishedAt: "desc" },
      select: runColumns,
    }),
    db.integrityRun.findFirst({
      where: { finishedAt: null },
      // A full one is what a person waits for.
      orderBy: [{ kind: "asc" }, { id: "asc" }],
      select: runColumns,
    }),
    db.integrityFinding.groupBy({ by: ["invariant"], where: { clearedAt: null }, _count: true }),
  ]);
  const openOf = new Map(open.map(({ invariant, _count }) => [invariant, _count]));
  const oldestFirst = runs.toReversed();
  return {
    invariants: invariants.map(({ id, severity, title, promise, whatToDo }) => {
      const said = runs.flatMap((run) =>
        run.error === null ? run.checks.filter(({ invariant }) => invariant === id) : [],
      );
      const newest = said[0];
      return {
        id,
        severity,
        title,
        promise,
        whatToDo,
        // Findings may open and clear between two runs' results; a list that was cut counts more than it holds.
        violations: newest
          ? Math.max(openOf.get(id) ?? 0, (openOf.get(id) ?? 0) > 0 ? newest.violations : 0)
          : null,
        parked: newest?.parked ?? 0,
        examined: newest?.examined ?? 0,
        checkedAt: newest?.checkedAt ?? null,
        durationMs: newest?.durationMs ?? null,
        history: oldestFirst.map((run) => ({
          runId: run.id,
          at: run.finishedAt ?? run.requestedAt,
          violations:
            run.error === null
              ? (run.checks.find(({ invariant }) => invariant === id)?.violations ?? null)
              : null,
        })),
      };
    }),
    last: toRun(runs[0] ? pickRun(runs[0]) : null),
    lastFull: toRun(lastFull),
    present: toRun(present),
  };
}

function pickRun({ checks: _, ...run }: RunRow & { checks: unknown }): RunRow {
  return run;
}

export type FindingLine = Readonly<{
  id: bigint;
  part: string;
  subjectId: string;
  paymentId: string | null;
  orderId: string | null;
  expected: string;
  found: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
  clearedAt: Date | null;
}>;

const openFindingsMax = 100;
const clearedFindingsMax = 20;

/** The findings of one invariant: those that are open, then the last that are gone. */
export async function readFindings(db: Db, invariant: InvariantId): Promise<FindingLine[]> {
  const orderBy = { id: "desc" } as const;
  const [open, cleared] = await Promise.all([
    db.integrityFinding.findMany({ where: { invariant, clearedAt: null }, orderBy, take: openFindingsMax }),
    db.integrityFinding.findMany({
      where: { invariant, clearedAt: { not: null } },
      orderBy,
      take: clearedFindingsMax,
    }),
  ]);
  const rows = [...open, ...cleared];
  const orderOf = await readOrders(
    db,
    rows.flatMap(({ paymentId }) => paymentId ?? []),
  );
  return rows.map(({ invariant: _, ...row }) => ({
    ...row,
    // A key that leads to no payment is no link.
    paymentId: row.paymentId && orderOf.has(row.paymentId) ? row.paymentId : null,
    orderId: (row.paymentId && orderOf.get(row.paymentId)) ?? null,
  }));
}

export type OrphanLine = Readonly<{
  id: bigint;
  paymentId: string;
  orderId: string | null;
  vanCode: string | null;
  amountMinor: bigint;
  source: string;
  state: string;
  foundAt: Date;
  closedAt: Date | null;
}>;

const orphansMax = 50;

/** Money that was found live at a VAN after its payment had ended: what is open first, then the last that were closed. */
export async function readOrphans(db: Db): Promise<{ openCount: number; orphans: OrphanLine[] }> {
  const [openCount, open, closed] = await Promise.all([
    db.vanOrphan.count({ where: { state: { not: "REVERSED" } } }),
    db.vanOrphan.findMany({
      where: { state: { not: "REVERSED" } },
      orderBy: { foundAt: "asc" },
      take: orphansMax,
    }),
    db.vanOrphan.findMany({
      where: { state: "REVERSED" },
      orderBy: { id: "desc" },
      take: clearedFindingsMax,
    }),
  ]);
  const rows = [...open, ...closed];
  const payments = await db.payment.findMany({
    where: { id: { in: rows.map(({ paymentId }) => paymentId) } },
    select: { id: true, orderId: true, vanCode: true },
  });
  const paymentOf = new Map(payments.map((payment) => [payment.id, payment]));
  return {
    openCount,
    orphans: rows.map(({ id, paymentId, amountMinor, source, state, foundAt, closedAt }) => ({
      id,
      paymentId,
      orderId: paymentOf.get(paymentId)?.orderId ?? null,
      vanCode: paymentOf.get(paymentId)?.vanCode ?? null,
      amountMinor,
      source,
      state,
      foundAt,
      closedAt,
    })),
  };
}

async function readOrders(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const payments = await db.payment.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, orderId: true },
  });
  return new Map(payments.map(({ id, orderId }) => [id, orderId]));
}

export type IntegrityFigures = Readonly<{
  /** Open findings by invariant, 0 where there is none. */
  violations: ReadonlyMap<InvariantId, number>;
  lastRunAt: Date | null;
  ledgerImbalanceMinor: bigint;
  unresolved: readonly UnresolvedWork[];
}>;

/** What `/api/metrics` says, read from the tables so that every process says the same: two statements, both of few rows. */
export async function readIntegrityFigures(sql: Sql, now: Date): Promise<IntegrityFigures> {
  const [[row], unresolved] = await Promise.all([
    sql.run<{ lastRunAt: Date | null; imbalance: bigint; violations: Record<string, number> | null }>(
      {
        name: "integrity-figures",
        text: `SELECT (SELECT finished_at FROM integrity_run WHERE finished_at IS NOT NULL AND error IS NULL ORDER BY id DESC LIMIT 1) AS "lastRunAt",
          (coalesce((SELECT sum(amount_minor) FROM integrity_balance WHERE currency = 'KRW'), 0)
            + coalesce((SELECT sum(amount_minor) FROM ledger_entry WHERE currency = 'KRW'
                AND id > coalesce((SELECT position FROM integrity_mark WHERE stream = 'ledger_entry'), 0)
                AND EXISTS (SELECT 1 FROM integrity_balance)), 0))::bigint AS imbalance,
          (SELECT jsonb_object_agg(f.invariant, f.n) FROM (SELECT invariant, count(*) AS n FROM integrity_finding WHERE cleared_at IS NULL GROUP BY 1) f) AS violations`,
      },
      [],
    ),
    readUnresolvedWork(sql, now),
  ]);
  return {
    violations: new Map(invariants.map(({ id }) => [id, row?.violations?.[id] ?? 0])),
    lastRunAt: row?.lastRunAt ?? null,
    ledgerImbalanceMinor: row?.imbalance ?? 0n,
    unresolved,
  };
}
