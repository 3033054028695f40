import type { Texts } from "#components/i18n/texts.ts";

/** A stretch of time in its largest whole unit, by the words of `ago` or `age`. */
export function spanText(spanMs: number, words: Texts["integrity"]["ago"]): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  if (seconds < 60) return words.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours) : words.days(Math.floor(hours / 24));
}
