"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import type { Texts } from "#components/i18n/texts.ts";
import { classes } from "#components/ui/classes.ts";
import type { DeadLetterLine } from "#server/dead-letters/dead-letter-queries.ts";

const minuteMs = 60_000;
/** Less than this left is said in red. */
const urgentMs = 5 * minuteMs;

/** How long something has lasted, as coarse as a list needs it: `48분`, `2시간 41분`, `3일`. */
export function ageText(ms: number, words: Texts["deadLetters"]["duration"]): string {
  const minutes = Math.floor(Math.max(ms, 0) / minuteMs);
  if (minutes < 1) return words.seconds(Math.floor(Math.max(ms, 0) / 1_000));
  if (minutes < 60) return words.minutes(minutes);
  if (minutes < 48 * 60) return words.hours(Math.floor(minutes / 60), minutes % 60);
  return words.days(Math.floor(minutes / (24 * 60)));
}

/** What is left of a deadline: to the second in the last ten minutes, where it counts. */
export function leftText(ms: number, words: Texts["deadLetters"]["duration"]): string {
  if (ms >= 10 * minuteMs) return ageText(ms, words);
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return seconds < 60 ? words.seconds(seconds) : words.minutesSeconds(Math.floor(seconds / 60), seconds % 60);
}

/** The deadline while it can still be met, else how long the letter has been lying there. */
export function LetterTime({ letter, now }: { letter: DeadLetterLine; now: Date | null }) {
  const { deadLetters } = useTexts();
  if (!now) return null;
  const leftMs = letter.deadlineAt ? letter.deadlineAt.getTime() - now.getTime() : null;
  if (letter.status === "PARKED" && leftMs !== null && leftMs > 0) {
    return (
      <span className={classes(leftMs < urgentMs && "font-semibold text-bad")}>
        {deadLetters.left(leftText(leftMs, deadLetters.duration))}
      </span>
    );
  }
  return (
    <>
      <span className="text-ink-2">
        {ageText(now.getTime() - letter.parkedAt.getTime(), deadLetters.duration)}
      </span>
      {letter.status === "PARKED" && leftMs !== null ? (
        <span className="block text-ink-3 text-meta">{deadLetters.deadlinePassed}</span>
      ) : null}
    </>
  );
}
