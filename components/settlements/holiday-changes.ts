import type { Holiday } from "#server/settlement/domain/korean-holidays.ts";

/** A day of a version, and how it differs from the version that is in force. */
export type ComparedHoliday = Holiday & Readonly<{ change: "same" | "added" | "removed" }>;

/** The days of a version and those that it leaves out, in order. A day with another name or kind is left out and added. */
export function compareHolidays(
  active: readonly Holiday[],
  shown: readonly Holiday[],
): readonly ComparedHoliday[] {
  const isIn = (list: readonly Holiday[], day: Holiday) =>
    list.some(({ date, name, kind }) => date === day.date && name === day.name && kind === day.kind);
  const kept = shown.map((day) => ({
    ...day,
    change: isIn(active, day) ? ("same" as const) : ("added" as const),
  }));
  const gone = active
    .filter((day) => !isIn(shown, day))
    .map((day) => ({ ...day, change: "removed" as const }));
  return [...kept, ...gone].toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
