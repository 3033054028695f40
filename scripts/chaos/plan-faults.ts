import { createRandom } from "#prisma/seed/random.ts";
import { type FaultKind, faultKinds } from "./fault-kinds.ts";
import { chaosVanSettings } from "./plant-malls.ts";

/** One fault of a run, decided before it begins. Times are milliseconds from the first payment. */
export type PlannedFault = Readonly<{ atMs: number; kind: FaultKind; on: string; durationMs: number }>;

type Limits = Readonly<{ seed: number; minutes: number; leaseMs: number }>;

const warmUpMs = 8_000;
/** The last fault leaves the platform time to suffer from it under traffic. */
const lastBeforeEndMs = 12_000;
const gapLeastMs = 5_000;
const gapMostMs = 15_000;
/** A fault that waits for its target is not put off for longer than this. */
const patienceMs = 4_000;

/**
 * Deals out faults, one every 5–15 s, the same for the same seed and length: all kinds once in a random order, then all
 * again. Kinds that would disturb the same part at the same time take turns. Long faults last up to a minute in a run of
 * ten minutes and shorter in a shorter one; a pause past the lease outlasts it always.
 */
export function planFaults(kinds: readonly FaultKind[], limits: Limits): PlannedFault[] {
  const random = createRandom(limits.seed);
  const endMs = limits.minutes * 60_000 - lastBeforeEndMs;
  const planned: PlannedFault[] = [];
  const deck: FaultKind[] = [];
  /** Until when each part is disturbed. */
  const busyUntilMs = new Map<string, number>();
  for (let atMs = warmUpMs; atMs < endMs; atMs += random.int(gapLeastMs, gapMostMs)) {
    if (deck.length < kinds.length / 2) deck.push(...shuffle(kinds, random.next));
    const isFree = (part: string) => (busyUntilMs.get(part) ?? 0) <= atMs;
    for (const [place, kind] of deck.entries()) {
      const on = random.pick(kind.targets);
      const durationMs = durationOf(kind, limits, random.next());
      if (!kind.occupies(on).every(isFree) || atMs + durationMs > endMs) continue;
      deck.splice(place, 1);
      planned.push({ atMs, kind, on, durationMs });
      for (const part of kind.occupies(on)) busyUntilMs.set(part, atMs + durationMs + patienceMs);
      break;
    }
  }
  return planned;
}

/** The faults of a run, decided by its seed and length alone; of the kinds in `only`, or of all. */
export function planRun(run: { seed: number; minutes: number; only: readonly string[] }): PlannedFault[] {
  const { seed, minutes, only } = run;
  const kinds = only.length === 0 ? faultKinds : faultKinds.filter(({ name }) => only.includes(name));
  return planFaults(kinds, { seed, minutes, leaseMs: chaosVanSettings.leaseMs });
}

function durationOf({ lasts }: FaultKind, { minutes, leaseMs }: Limits, at: number): number {
  const longMs = Math.min(60_000, Math.max(6_000, minutes * 6_000));
  const between = (leastMs: number, mostMs: number) =>
    Math.round(leastMs + at * Math.max(0, mostMs - leastMs));
  if (lasts === undefined) return 0;
  if (lasts === "long") return between(longMs / 3, longMs);
  if (lasts === "past_lease") return between(leaseMs + 2_000, Math.max(leaseMs + 4_000, longMs));
  return between(lasts[0] * 1_000, lasts[1] * 1_000);
}

function shuffle<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => [next(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}
