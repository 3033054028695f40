import { describe, expect, test } from "vitest";
import { textsOf } from "#components/i18n/catalogues.ts";
import { spanText } from "#components/integrity/time-words.ts";
import { verdictOf } from "#components/integrity/verdict-state.ts";
import type { IntegrityOverview, InvariantState, RunLine } from "#server/integrity/integrity-queries.ts";

const now = new Date("2026-11-22T05:10:00.000Z");
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1_000);

function aRun(named: Partial<RunLine> = {}): RunLine {
  return {
    id: 1n,
    kind: "INCREMENTAL",
    requestedBy: null,
    requestedAt: secondsAgo(13),
    startedAt: secondsAgo(13),
    finishedAt: secondsAgo(12),
    error: null,
    paymentsTotal: null,
    paymentsChecked: 2_000,
    ...named,
  };
}
const anInvariant = (id: InvariantState["id"], violations: number | null) =>
  ({ id, violations }) as InvariantState;
const anOverview = (named: Partial<IntegrityOverview> = {}): IntegrityOverview => ({
  invariants: [anInvariant("I1", 0), anInvariant("I2", 0)],
  last: aRun(),
  lastFull: null,
  present: null,
  ...named,
});

describe("what is said first", () => {
  test("all hold", () => {
    expect(verdictOf(anOverview(), now)).toEqual({ kind: "holds", rules: 2 });
  });
  test("what is broken, also when checks have stopped since", () => {
    const invariants = [anInvariant("I1", 2), anInvariant("I2", 0), anInvariant("I5", 1)];
    expect(verdictOf(anOverview({ invariants, last: aRun({ finishedAt: secondsAgo(900) }) }), now)).toEqual({
      kind: "broken",
      rules: 2,
      violations: 3,
    });
  });
  test("that nothing was checked yet", () => {
    expect(verdictOf(anOverview({ last: null }), now)).toEqual({ kind: "none" });
  });
  test("that checks have stopped, unless one is at work at this moment", () => {
    const last = aRun({ finishedAt: secondsAgo(181) });
    expect(verdictOf(anOverview({ last }), now)).toEqual({ kind: "stalled", lastAt: secondsAgo(181) });
    const waiting = aRun({ kind: "FULL", startedAt: null, finishedAt: null });
    expect(verdictOf(anOverview({ last, present: waiting }), now)).toMatchObject({ kind: "stalled" });
    const atWork = aRun({ kind: "FULL", finishedAt: null });
    expect(verdictOf(anOverview({ last, present: atWork }), now)).toMatchObject({ kind: "holds" });
  });
  test("that the last one had no result", () => {
    expect(verdictOf(anOverview({ last: aRun({ error: "no database" }) }), now)).toEqual({
      kind: "failed",
      error: "no database",
    });
  });
});

test.each([
  [12_400, "12초 전", "12 s ago"],
  [60_000, "1분 전", "1 min ago"],
  [7_200_000, "2시간 전", "2 h ago"],
  [5 * 86_400_000, "5일 전", "5 d ago"],
  [-5_000, "0초 전", "0 s ago"],
])("%i ms are %s", (ms, ko, en) => {
  expect(spanText(ms, textsOf("ko").integrity.ago)).toBe(ko);
  expect(spanText(ms, textsOf("en").integrity.ago)).toBe(en);
});
