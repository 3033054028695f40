import type { Language } from "#components/i18n/language.ts";

const seoul = "Asia/Seoul";
const minus = "−";

const weekdays = {
  ko: ["일", "월", "화", "수", "목", "금", "토"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
} as const;

type SeoulParts = Readonly<{ date: string; monthDay: string; year: string; time: string; weekday: number }>;

function seoulParts(at: Date): SeoulParts {
  const shifted = new Date(at.getTime() + 9 * 60 * 60 * 1000);
  const iso = shifted.toISOString();
  return {
    date: iso.slice(0, 10),
    monthDay: iso.slice(5, 10),
    year: iso.slice(0, 4),
    time: iso.slice(11, 19),
    weekday: shifted.getUTCDay(),
  };
}

function grouped(digits: bigint | number): string {
  return digits.toLocaleString("en-US").replace("-", minus);
}

/** A bare amount for a table cell: `128,000`, `−30,000` (U+2212). Takes whole won; the unit stands in the header. */
export function formatAmount(amountMinor: bigint): string {
  return grouped(amountMinor);
}

/** What an amount changed by, which says so where it grew: `+1,056`, `−30,000`, `0`. */
export function formatDifference(amountMinor: bigint): string {
  return amountMinor > 0n ? `+${grouped(amountMinor)}` : grouped(amountMinor);
}

/** An amount in prose or in a hero: `128,000원`, in English `₩128,000`. */
export function formatMoney(amountMinor: bigint, language: Language): string {
  if (language === "ko") return `${grouped(amountMinor)}원`;
  return amountMinor < 0n ? `${minus}₩${grouped(-amountMinor)}` : `₩${grouped(amountMinor)}`;
}

/** A plain grouped number. */
export function formatNumber(value: number | bigint): string {
  return grouped(value);
}

/** A rate, `2.2%`. Takes a share between 0 and 1. */
export function formatRate(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** A number for a chart axis: `1,204만`, `2억`; in English `12.0M`. */
export function formatAxis(value: number, language: Language): string {
  const size = Math.abs(value);
  if (language === "ko") {
    if (size >= 100_000_000) return `${grouped(Math.round(value / 10_000_000) / 10)}억`;
    if (size >= 10_000) return `${grouped(Math.round(value / 1_000) / 10)}만`;
    return grouped(value);
  }
  if (size >= 1_000_000_000) return `${(value / 1_000_000_000).toFixed(1)}B`;
  if (size >= 1_000_000) return `${(value / 1_000_000).toFixed(1)}M`;
  if (size >= 10_000) return `${(value / 1_000).toFixed(0)}K`;
  return grouped(value);
}

/** How long something took: `214 ms`, `1.25초`, `2시간 41분`. */
export function formatDuration(durationMs: number, language: Language): string {
  const ko = language === "ko";
  if (durationMs < 1_000) return `${grouped(Math.round(durationMs))} ms`;
  const seconds = durationMs / 1_000;
  if (seconds < 60) return `${seconds.toFixed(2).replace(/\.?0+$/, "")}${ko ? "초" : " s"}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return ko ? `${minutes}분 ${Math.floor(seconds % 60)}초` : `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return ko ? `${hours}시간 ${minutes % 60}분` : `${hours} h ${minutes % 60} min`;
  return ko ? `${Math.floor(hours / 24)}일` : `${Math.floor(hours / 24)} d`;
}

/** What is left of a deadline as a clock: `58:12`, over an hour `1:02:05`, `00:00` when it has passed. */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.floor(leftMs / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3_600 ? `${Math.floor(seconds / 3_600)}:${clock}` : clock;
}

/** A time in a table, in Seoul: `14:32:07` today, `11-19 14:32` this year, else `2025-11-19`. */
export function formatTableTime(at: Date, now: Date): string {
  const then = seoulParts(at);
  const today = seoulParts(now);
  if (then.date === today.date) return then.time;
  if (then.year === today.year) return `${then.monthDay} ${then.time.slice(0, 5)}`;
  return then.date;
}

/** The whole instant in Seoul, `2026-11-19 14:32:07`. */
export function formatSeoulTime(at: Date): string {
  const { date, time } = seoulParts(at);
  return `${date} ${time}`;
}

/** The clock in Seoul, `14:32:07`. */
export function formatClock(at: Date): string {
  return seoulParts(at).time;
}

/** The minute in Seoul, `14:32`. */
export function formatMinute(at: Date): string {
  return seoulParts(at).time.slice(0, 5);
}

/** The whole instant with its offset, `2026-11-19T14:32:07+09:00`. */
export function formatOffsetTime(at: Date): string {
  const { date, time } = seoulParts(at);
  return `${date}T${time}+09:00`;
}

/** What hover and focus show: `2026-11-19T14:32:07+09:00 · 05:32:07 UTC`. */
export function formatExactTime(at: Date): string {
  return `${formatOffsetTime(at)} · ${at.toISOString().slice(11, 19)} UTC`;
}

/** A day in prose: `11월 20일(금)`, in English `Fri, 20 Nov`; no line breaks within it. */
export function formatDay(at: Date, language: Language): string {
  const { monthDay, weekday } = seoulParts(at);
  const [month, day] = monthDay.split("-").map(Number);
  if (language === "ko") return `${month}월\u00a0${day}일(${weekdays.ko[weekday]})`;
  return `${weekdays.en[weekday]},\u00a0${day}\u00a0${new Intl.DateTimeFormat("en", { month: "short", timeZone: seoul }).format(at)}`;
}

/** A section heading of a timeline: `2026-11-17 (화)`. */
export function formatDateHeading(at: Date, language: Language): string {
  const { date, weekday } = seoulParts(at);
  return `${date} (${weekdays[language][weekday]})`;
}

/** A long id shortened in the middle: `4f1d…9ac2`. */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 4)}…${id.slice(-4)}`;
}
