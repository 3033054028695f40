/** How much of the earlier value was gained or lost, `+2.8%`, `−12%`; null where there was nothing to compare with. */
export function changeRate(today: number, before: number): string | null {
  if (before === 0) return null;
  const percent = ((today - before) / before) * 100;
  const size = Math.abs(percent);
  const digits = size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString("en-US");
  return `${signOf(percent)}${digits}%`;
}

/** The difference of two rates in percentage points, `+0.4`; null where one of them is none. */
export function pointChange(today: number | null, before: number | null): string | null {
  if (today === null || before === null) return null;
  // What the two rates say when they are rounded as they are shown.
  const tenths = Math.round(today * 1_000) - Math.round(before * 1_000);
  return `${signOf(tenths)}${(Math.abs(tenths) / 10).toFixed(1)}`;
}

function signOf(value: number): string {
  if (value === 0) return "";
  return value > 0 ? "+" : "−";
}
