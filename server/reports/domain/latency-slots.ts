const slotChoicesSeconds = [60, 300, 900, 1_800, 3_600, 7_200, 21_600, 86_400] as const;

/** More points than this say nothing more on a chart 900 px wide. */
const slotsMax = 120;
const seoulOffsetSeconds = 9 * 60 * 60;

/** How wide a point of the chart is for a period of this length: the narrowest width that needs at most 120 points. */
export function slotSecondsFor(rangeMs: number): number {
  return slotChoicesSeconds.find((seconds) => rangeMs / (seconds * 1_000) <= slotsMax) ?? 86_400;
}

/** The begin of the slot an instant falls into. Slots of hours and days begin with hours and days in Seoul. */
export function slotStart(at: Date, slotSeconds: number): Date {
  const seoulSeconds = at.getTime() / 1_000 + seoulOffsetSeconds;
  return new Date((Math.floor(seoulSeconds / slotSeconds) * slotSeconds - seoulOffsetSeconds) * 1_000);
}

/** The begins of all slots that overlap `from` (inclusive) to `to` (exclusive). */
export function slotStarts(from: Date, to: Date, slotSeconds: number): Date[] {
  const starts: Date[] = [];
  for (let at = slotStart(from, slotSeconds); at < to; at = new Date(at.getTime() + slotSeconds * 1_000))
    starts.push(at);
  return starts;
}
