import type { CaseSpec } from "#scripts/sim/crash/case-run.ts";
import { type Flow, flows } from "#scripts/sim/crash/flows.ts";
import type { CaseResult } from "#scripts/sim/crash/run-cases.ts";

/** Each flow in each outcome without a crash: what tells how many effects, and so how many crash points, there are. */
export function dryCases(chosen: readonly Flow[] = flows): CaseSpec[] {
  return chosen.flatMap((flow) =>
    flow.outcomes.map((outcome) => ({
      flow: flow.name,
      outcome: outcome.name,
      retry: "none" as const,
      crash: null,
    })),
  );
}

/**
 * A crash before and after every effect of every flow in every outcome; with `everyRetry` for each way in which the mall
 * may try again, else the ways take turns.
 */
export function crashCases(dry: readonly CaseResult[], { everyRetry }: { everyRetry: boolean }): CaseSpec[] {
  return dry.flatMap(({ spec, effects }, place) => {
    const retries = flows.find(({ name }) => name === spec.flow)?.retries ?? [];
    return Array.from({ length: effects }, (_, index) => index + 1).flatMap((index) =>
      (["before", "after"] as const).flatMap((side, sidePlace) => {
        const turn = (place + index + sidePlace) % retries.length;
        const chosen = everyRetry ? retries : retries.slice(turn, turn + 1);
        return chosen.map((retry) => ({ ...spec, retry, crash: { index, side } }));
      }),
    );
  });
}

/** Puts cases into worlds: of one flow, so that those which take turns are among themselves. */
export function worldsOf(specs: readonly CaseSpec[], casesMax: number): CaseSpec[][] {
  return [...Map.groupBy(specs, (spec) => spec.flow).values()].flatMap((group) => {
    const worlds = Math.ceil(group.length / casesMax);
    return Array.from({ length: worlds }, (_, world) => group.filter((_, index) => index % worlds === world));
  });
}
