import { describe, expect, test } from "vitest";
import { faultKinds } from "./fault-kinds.ts";
import { type PlannedFault, planFaults } from "./plan-faults.ts";

const leaseMs = 15_000;
const seeds = Array.from({ length: 100 }, (_, index) => index + 1);
const told = (plan: readonly PlannedFault[]) =>
  plan.map(({ atMs, kind, on, durationMs }) => `${atMs} ${kind.name} ${on} ${durationMs}`);

describe("a plan", () => {
  test("is the same for the same seed and length, and another for another seed", () => {
    const plan = (seed: number) => told(planFaults(faultKinds, { seed, minutes: 3, leaseMs }));
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  test.each([1, 3, 10])("of %i minutes has a fault every 5–15 s and ends in time", (minutes) => {
    for (const seed of seeds) {
      const plan = planFaults(faultKinds, { seed, minutes, leaseMs });
      expect(plan.length).toBeGreaterThan((minutes * 60_000) / 20_000 - 2);
      for (const [index, { atMs, durationMs }] of plan.entries()) {
        const gapMs = atMs - (plan[index - 1]?.atMs ?? atMs - 5_000);
        expect(gapMs).toBeGreaterThanOrEqual(5_000);
        // Where nothing fits, a turn is left out.
        expect(gapMs).toBeLessThanOrEqual(30_000);
        expect(atMs + durationMs).toBeLessThanOrEqual(minutes * 60_000);
      }
    }
  });

  test("never disturbs the same part twice at a time", () => {
    for (const seed of seeds) {
      const busy = new Map<string, number>();
      for (const { atMs, durationMs, kind, on } of planFaults(faultKinds, { seed, minutes: 10, leaseMs })) {
        for (const part of kind.occupies(on)) {
          expect(busy.get(part) ?? 0).toBeLessThanOrEqual(atMs);
          busy.set(part, atMs + durationMs);
        }
      }
    }
  });

  test("of ten minutes stops the web process for longer than the lease, and leaves out few kinds", () => {
    for (const seed of seeds) {
      const plan = planFaults(faultKinds, { seed, minutes: 10, leaseMs });
      const pause = plan.find(({ kind }) => kind.name === "pause-web-past-lease");
      expect(pause?.durationMs).toBeGreaterThan(leaseMs);
      expect(new Set(plan.map(({ kind }) => kind.name)).size).toBeGreaterThan(faultKinds.length * 0.8);
    }
  });
});

test("every kind has a name of its own", () => {
  expect(new Set(faultKinds.map(({ name }) => name)).size).toBe(faultKinds.length);
});
