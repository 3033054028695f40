import {
  addToBalances,
  advanceMarks,
  type Balance,
  loadBalances,
  loadMarks,
  sumLedger,
} from "#server/integrity/integrity-repository.ts";
import { findViolations, type Violation } from "#server/integrity/invariant-queries.ts";
import { checksOf, measure, openOf, settleFindings, type Turn } from "#server/integrity/turn.ts";

/** Looks at the ledger events that have an entry in `after` < id <= `through`, and again at those found broken before. */
export async function checkLedger(turn: Turn, after: bigint, through: bigint): Promise<void> {
  for (const one of checksOf("ledger")) {
    const known = openOf(turn, one.invariant.id, one.check.part).map(({ subjectId }) => subjectId);
    // `examined` of an invariant counts payments; the entries are theirs.
    await measure(turn, one.invariant.id, 0, async () => {
      const seen = await findViolations(turn.ctx.reports, one.check.statement, [after, through, known]);
      await settleFindings(turn, one, seen, ({ subjectId }) => known.includes(subjectId));
    });
  }
}

/**
 * Moves the marks on, and the balances with the ledger's, in one commit. A full run adds the whole ledger up anew and
 * compares: an old entry that was changed or removed shows here even if its event still adds up to zero.
 */
export async function bringBalancesUpToDate(turn: Turn): Promise<void> {
  const { reports } = turn.ctx;
  const one = checksOf("computed").find(({ check }) => check.part === "balances");
  if (!one) throw new Error("the invariants have no check of the balances");
  await measure(turn, one.invariant.id, 0, async () => {
    const isFirst = (await loadBalances(reports)).length === 0;
    if (isFirst) {
      await reports.transaction(async (sql) => {
        const marks = await loadMarks(sql);
        await addToBalances(sql, 0n, marks?.ledger_entry ?? 0n);
      });
    } else if (turn.run.kind === "FULL") {
      const marks = await loadMarks(reports);
      const [kept, summed] = [
        await loadBalances(reports),
        await sumLedger(reports, marks?.ledger_entry ?? 0n),
      ];
      const violations = differencesOf(kept, summed);
      await settleFindings(turn, one, { violations, total: violations.length }, () => true);
    }
    await reports.transaction(async (sql) => {
      const before = await loadMarks(sql);
      await advanceMarks(sql);
      const after = await loadMarks(sql);
      if (before && after && after.ledger_entry > before.ledger_entry)
        await addToBalances(sql, before.ledger_entry, after.ledger_entry);
    });
  });
}

function differencesOf(kept: readonly Balance[], summed: readonly Balance[]): Violation[] {
  const keyOf = ({ account, currency }: Balance) => `${account} ${currency}`;
  const was = new Map(kept.map((balance) => [keyOf(balance), balance.amountMinor]));
  const is = new Map(summed.map((balance) => [keyOf(balance), balance.amountMinor]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => (was.get(key) ?? 0n) !== (is.get(key) ?? 0n))
    .map((key) => ({
      subjectId: key,
      paymentId: null,
      expected: `balance=${was.get(key) ?? 0n}`,
      found: `sum of entries=${is.get(key) ?? 0n}`,
    }));
}
