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

const sides = ["before", "after", "stopped"] as const;

/**
 * A crash before and after every effect of every flow in every outcome, for each way in which the mall may try again, and
 * a stop before each. With `quick` two of the three at each effect, the third and the ways to try again taking turns by
 * `seed`.
 */
export function crashCases(
  dry: readonly CaseResult[],
  { quick, seed }: { quick: boolean; seed: number },
): CaseSpec[] {
  return dry.flatMap(({ spec, effects }, place) => {
    const retries = flows.find(({ name }) => name === spec.flow)?.retries ?? [];
    return Array.from({ length: effects }, (_, index) => index + 1).flatMap((index) =>
      sides.flatMap((side, sidePlace) => {
        const turn = seed + place + index + sidePlace;
        if (quick && turn % sides.length === 0) return [];
        const takesTurns = quick || side === "stopped";
        const retry = retries[Math.floor(turn / sides.length) % retries.length] ?? "none";
        return (takesTurns ? [retry] : retries).map((chosen) => ({
          ...spec,
          retry: chosen,
          crash: { index, side },
        }));
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
