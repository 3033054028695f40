import { businessDateOf, startOfBusinessDate } from "#server/core/business-date.ts";
import type { Random } from "./random.ts";

/** How busy each hour of a Seoul day is. */
const hourWeights = [
  2.4, 1.4, 0.8, 0.5, 0.4, 0.6, 1.2, 2.4, 4.2, 5.4, 6.2, 6.4, 6.9, 6.1, 5.6, 5.5, 5.7, 6, 6.1, 6.6, 7.6, 8,
  6.6, 4.4,
] as const;
/** Sunday first. */
const weekdayWeights = [0.92, 1.1, 1.06, 1.02, 1, 0.98, 0.86] as const;
const hourMs = 3_600_000;

/** About `count` moments between two times, with the rhythm of days and weeks and a slow growth; in order. */
export function makeMoments(random: Random, from: Date, to: Date, count: number): Date[] {
  const hours: { startMs: number; endMs: number; weight: number }[] = [];
  for (let startMs = from.getTime(); startMs < to.getTime(); ) {
    const endMs = Math.min((Math.floor(startMs / hourMs) + 1) * hourMs, to.getTime());
    const grown = 0.9 + 0.2 * ((startMs - from.getTime()) / (to.getTime() - from.getTime()));
    hours.push({
      startMs,
      endMs,
      weight: weightOf(new Date(startMs)) * grown * ((endMs - startMs) / hourMs),
    });
    startMs = endMs;
  }
  const total = hours.reduce((sum, hour) => sum + hour.weight, 0);
  return hours
    .flatMap(({ startMs, endMs, weight }) => {
      const expected = (count * weight) / total;
      const here = Math.max(
        0,
        Math.round(expected + Math.sqrt(expected) * (random.next() + random.next() - 1)),
      );
      return Array.from({ length: here }, () => startMs + Math.floor(random.next() * (endMs - startMs)));
    })
    .sort((a, b) => a - b)
    .map((atMs) => new Date(atMs));
}

function weightOf(at: Date): number {
  const date = businessDateOf(at);
  const hour = Math.floor((at.getTime() - startOfBusinessDate(date).getTime()) / hourMs);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return (hourWeights[hour] ?? 1) * (weekdayWeights[weekday] ?? 1);
}

/** How much slower the VANs are at this moment than at night. */
export function loadAt(at: Date): number {
  return 0.82 + weightOf(at) * 0.045;
}
