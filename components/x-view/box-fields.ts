import type { Box } from "#components/x-view/plot-scale.ts";

const dayMs = 86_400_000;
const seoulAheadMs = 9 * 3_600_000;
const boxMsMax = 2 * 60 * 60_000;

/** A box as a person types it: clocks in Seoul such as `14:21:00`, response times in seconds; an empty `max` is open. */
export type BoxFields = Readonly<{ from: string; to: string; min: string; max: string }>;
export type BoxFieldError = "invalidTime" | "reversed" | "tooLong" | "invalidSeconds" | "reversedSeconds";

/** The instant with this clock in Seoul that is nearest to `nearMs`; undefined when it is no clock. */
function readClock(text: string, nearMs: number): number | undefined {
  const match = /^\s*([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?\s*$/.exec(text);
  if (!match) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const ofDayMs = ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  const midnightMs = Math.floor((nearMs + seoulAheadMs) / dayMs) * dayMs - seoulAheadMs;
  const sameDay = midnightMs + ofDayMs;
  if (sameDay - nearMs > dayMs / 2) return sameDay - dayMs;
  return nearMs - sameDay > dayMs / 2 ? sameDay + dayMs : sameDay;
}

function readSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  return /^\d{1,5}(\.\d{1,3})?$/.test(trimmed) ? Math.round(Number(trimmed) * 1_000) : undefined;
}

/** Reads the fields; `nearMs` says which day the clocks are of. */
export function readBoxFields(fields: BoxFields, nearMs: number): Box | BoxFieldError {
  const fromMs = readClock(fields.from, nearMs);
  if (fromMs === undefined) return "invalidTime";
  // The end is near the start, so that a box over midnight stays one.
  const endMs = readClock(fields.to, fromMs);
  if (endMs === undefined) return "invalidTime";
  if (endMs <= fromMs) return "reversed";
  if (endMs - fromMs > boxMsMax) return "tooLong";
  const minMs = fields.min.trim() === "" ? 0 : readSeconds(fields.min);
  const maxMs = fields.max.trim() === "" ? null : readSeconds(fields.max);
  if (minMs === undefined || maxMs === undefined) return "invalidSeconds";
  if (maxMs !== null && maxMs <= minMs) return "reversedSeconds";
  // A second is meant whole.
  return { fromMs, toMs: endMs + 999, minMs, maxMs };
}

/** A box in the words of its fields; parts of a second are left out. */
export function boxFieldsOf({ fromMs, toMs, minMs, maxMs }: Box): BoxFields {
  const clock = (atMs: number) => new Date(atMs + seoulAheadMs).toISOString().slice(11, 19);
  const seconds = (ms: number) => String(Number((ms / 1_000).toFixed(2)));
  return {
    from: clock(fromMs),
    to: clock(toMs),
    min: seconds(minMs),
    max: maxMs === null ? "" : seconds(maxMs),
  };
}
