const seoulOffsetMs = 9 * 60 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

/** The Asia/Seoul calendar day, `YYYY-MM-DD`, on which an instant counts. Korea has kept UTC+9 without summer time since 1988. */
export function businessDateOf(at: Date): string {
  return new Date(at.getTime() + seoulOffsetMs).toISOString().slice(0, 10);
}

/** The instant at which a business date begins, 00:00 in Seoul. */
export function startOfBusinessDate(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) - seoulOffsetMs);
}

/** The instant at which the next business date begins: the exclusive end of `date`. */
export function endOfBusinessDate(date: string): Date {
  return new Date(startOfBusinessDate(date).getTime() + dayMs);
}

/** True for a day that exists: `2026-02-30` does not, though `new Date` would make it 2 March. */
export function isBusinessDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** ISO 8601 with the Seoul offset, `2026-11-22T14:32:07.123+09:00`: how the mall API says every time. */
export function toSeoulIso(at: Date): string {
  return `${new Date(at.getTime() + seoulOffsetMs).toISOString().slice(0, -1)}+09:00`;
}
