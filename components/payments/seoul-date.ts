/** The Seoul calendar day of an instant, `2026-11-19`. */
export function seoulDate(at: Date): string {
  return new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
}
