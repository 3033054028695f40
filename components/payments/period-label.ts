import type { Texts } from "#components/i18n/texts.ts";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { type NamedPeriod, namedPeriods } from "#server/payments/payment-search.values.ts";

/** A period in words: `최근 7일`, `11-16–11-19`, `11-19 14:32–14:33`. */
export function periodLabel(text: string, texts: Texts["payments"]["filter"]): string {
  const named = namedPeriods.find((name): name is NamedPeriod => name === text);
  if (named) return texts.periods[named];
  const [from = "", to = ""] = text.split("..").map(shortEnd);
  if (!from) return texts.until(to);
  if (!to) return texts.since(from);
  if (from === to) return from;
  return from.slice(0, 5) === to.slice(0, 5) && to.length > 5 ? `${from}–${to.slice(6)}` : `${from}–${to}`;
}

/** `2026-11-19` as `11-19` (another year keeps it), an instant as `11-19 14:32`. */
function shortEnd(end: string): string {
  if (!end) return "";
  if (!end.includes("T")) return end.startsWith(`${seoulDate(new Date()).slice(0, 4)}-`) ? end.slice(5) : end;
  const shifted = new Date(new Date(end).getTime() + 9 * 3_600_000).toISOString();
  const seconds = shifted.slice(17, 19) === "00" ? "" : shifted.slice(16, 19);
  return `${shifted.slice(5, 10)} ${shifted.slice(11, 16)}${seconds}`;
}
