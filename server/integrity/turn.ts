import { closeIncident } from "#server/incidents/close-incident.ts";
import { openIncident } from "#server/incidents/open-incident.ts";
import type { InvariantId } from "#server/integrity/integrity.schemas.ts";
import {
  type CheckResult,
  clearFindings,
  holdRun,
  loadOpenFindings,
  type OpenFinding,
  saveFindings,
  type TakenRun,
} from "#server/integrity/integrity-repository.ts";
import { type Violation, type Violations, violationsMax } from "#server/integrity/invariant-queries.ts";
import { type Check, type Invariant, invariants } from "#server/integrity/invariants.ts";
import type { Context } from "#server/platform/context.ts";

type Tally = { examined: number; durationMs: number; beyondList: number; parked: number };

/** One worker's turn at a run: what is known to be broken, and what it has found out so far. */
export type Turn = Readonly<{
  ctx: Context;
  run: TakenRun;
  /** The findings that are open at present, by id. */
  open: Map<bigint, OpenFinding>;
  tallies: Map<InvariantId, Tally>;
}>;

/** Begins a turn with what earlier runs found and what is not gone yet. */
export async function beginTurn(ctx: Context, run: TakenRun): Promise<Turn> {
  const open = await loadOpenFindings(ctx.reports);
  return {
    ctx,
    run,
    open: new Map(open.map((finding) => [finding.id, finding])),
    tallies: new Map(
      invariants.map(({ id }) => [id, { examined: 0, durationMs: 0, beyondList: 0, parked: 0 }]),
    ),
  };
}

function tallyOf(turn: Turn, id: InvariantId): Tally {
  const tally = turn.tallies.get(id);
  if (!tally) throw new Error(`the turn has no place for ${id}`);
  return tally;
}

/** Does one check and counts the time and the things it looked at for its invariant. */
export async function measure<T>(
  turn: Turn,
  id: InvariantId,
  examined: number,
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = turn.ctx.monotonicMs();
  try {
    return await work();
  } finally {
    const tally = tallyOf(turn, id);
    tally.durationMs += turn.ctx.monotonicMs() - startedMs;
    tally.examined += examined;
  }
}

/** Counts things that turned out to be looked at only while looking. */
export function countExamined(turn: Turn, id: InvariantId, examined: number): void {
  tallyOf(turn, id).examined += examined;
}

/** Notes how much of an invariant's subject is in the hands of a person. */
export function noteParked(turn: Turn, id: InvariantId, parked: number): void {
  tallyOf(turn, id).parked = parked;
}

/** The open findings of one check. */
export function openOf(turn: Turn, id: InvariantId, part: string): OpenFinding[] {
  return [...turn.open.values()].filter((finding) => finding.invariant === id && finding.part === part);
}

/** The parts of one kind, with the invariant they belong to. */
export function checksOf<K extends Check["kind"]>(
  kind: K,
): { invariant: Invariant; check: Extract<Check, { kind: K }> }[] {
  return invariants.flatMap((invariant) =>
    invariant.checks
      .filter((check): check is Extract<Check, { kind: K }> => check.kind === kind)
      .map((check) => ({ invariant, check })),
  );
}

/**
 * Writes what one check saw, in one commit: new violations open a finding and its incident, findings that were looked at
 * and are no violation any more are cleared with theirs. `wasExamined` says which open findings the check has looked at.
 */
export async function settleFindings(
  turn: Turn,
  { invariant, check }: { invariant: Invariant; check: Check },
  seen: Violations,
  wasExamined: (finding: OpenFinding) => boolean,
): Promise<void> {
  const known = openOf(turn, invariant.id, check.part);
  const listed = withinLimit(known, seen.violations);
  tallyOf(turn, invariant.id).beyondList += seen.total - listed.length;
  const stillThere = new Set(seen.violations.map(({ subjectId }) => subjectId));
  // A list that was cut says nothing about what is not on it.
  const isWhole = seen.total === seen.violations.length;
  const gone = isWhole
    ? known.filter((finding) => wasExamined(finding) && !stillThere.has(finding.subjectId))
    : [];
  if (listed.length === 0 && gone.length === 0) return;

  const { ctx, run } = turn;
  const at = ctx.now();
  const about = { invariant: invariant.id, part: check.part };
  const incidentOf = (subjectId: string) => ({
    kind: "INVARIANT" as const,
    subjectId: `${invariant.id}/${check.part}/${subjectId}`,
    at,
  });
  const opened = await ctx.reports.transaction(async (sql) => {
    await holdRun(sql, run);
    const fresh = await saveFindings(sql, about, listed, at);
    await clearFindings(
      sql,
      gone.map(({ id }) => id),
      at,
    );
    if (check.opensIncident !== false) {
      for (const { subjectId, paymentId } of fresh) {
        const violation = listed.find((one) => one.subjectId === subjectId);
        await openIncident(sql, {
          ...incidentOf(subjectId),
          severity: invariant.severity,
          paymentId: paymentId ?? undefined,
          detail: { ...about, expected: violation?.expected, found: violation?.found },
        });
      }
      for (const { subjectId } of gone)
        await closeIncident(sql, { ...incidentOf(subjectId), how: "cleared" });
    }
    return fresh;
  });
  for (const { id } of gone) turn.open.delete(id);
  for (const finding of opened) turn.open.set(finding.id, finding);
  for (const finding of opened)
    ctx.log.error({ labels: { ...about, subject: finding.subjectId } }, "an invariant is broken");
}

/** What is known already, and as many new ones as a list of a hundred has room for. */
function withinLimit(known: readonly OpenFinding[], violations: readonly Violation[]): Violation[] {
  const subjects = new Set(known.map(({ subjectId }) => subjectId));
  let room = violationsMax - subjects.size;
  return violations.filter(({ subjectId }) => subjects.has(subjectId) || room-- > 0);
}

/** What the turn found out of each invariant: the findings that are open now and those a list had no room for. */
export function resultsOf(turn: Turn): CheckResult[] {
  return invariants.map(({ id }) => {
    const { examined, durationMs, beyondList, parked } = tallyOf(turn, id);
    const open = [...turn.open.values()].filter((finding) => finding.invariant === id).length;
    return { invariant: id, violations: open + beyondList, parked, examined, durationMs };
  });
}
