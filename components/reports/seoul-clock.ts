const dayMs = 86_400_000;

function seoulParts(atMs: number) {
  const iso = new Date(atMs + 9 * 3_600_000).toISOString();
  return { day: iso.slice(5, 10), clock: iso.slice(11, 16) };
}

/** A tick of a time axis in Seoul: the clock within a day, the day beyond a week, both between. */
export function formatTick(atMs: number, rangeMs: number): string {
  const { day, clock } = seoulParts(atMs);
  if (rangeMs <= dayMs) return clock;
  return rangeMs <= 7 * dayMs ? `${day} ${clock}` : day;
}

/** A slot in Seoul: `14:22–14:23`, with its day when the period is longer than one. */
export function formatSlot(fromMs: number, toMs: number, rangeMs: number): string {
  const from = seoulParts(fromMs);
  const to = seoulParts(toMs);
  const clocks = `${from.clock}–${to.clock}`;
  return rangeMs <= dayMs ? clocks : `${from.day} ${clocks}`;
}

/** A period in Seoul: `11-19 14:00–15:30`, `11-19 14:00–11-20 09:00`. */
export function formatRange(fromMs: number, toMs: number): string {
  const from = seoulParts(fromMs);
  const to = seoulParts(toMs);
  return `${from.day} ${from.clock}–${from.day === to.day ? "" : `${to.day} `}${to.clock}`;
}

/** What a `datetime-local` field holds for an instant, in Seoul, and back. */
export function toSeoulField(at: Date): string {
  return new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 16);
}

export function fromSeoulField(text: string): Date | undefined {
  const at = new Date(`${text}:00+09:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
