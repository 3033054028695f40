"use client";

import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import type { ComparedHoliday } from "#components/settlements/holiday-changes.ts";
import { classes } from "#components/ui/classes.ts";

const months = Array.from({ length: 12 }, (_, index) => index + 1);
const two = (value: number) => String(value).padStart(2, "0");

/**
 * A year at a glance: days on which banks are closed stand out. The list beside it says the same in words, so it is hidden
 * from those who hear the page.
 */
export function CalendarMonths({ year, days }: { year: number; days: readonly ComparedHoliday[] }) {
  const language = useLanguage();
  const { why, calendar } = useTexts().settlements;
  const nameOf = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const byDate = new Map(days.map((day) => [day.date, day]));
  return (
    <div
      aria-hidden
      className="grid grid-cols-4 gap-x-8 gap-y-5 py-3 tabular-nums max-full:grid-cols-3 max-wide:grid-cols-2 max-wide:gap-x-4 print:grid-cols-3"
    >
      {months.map((month) => {
        const first = new Date(Date.UTC(year, month - 1, 1));
        const before = (first.getUTCDay() + 6) % 7;
        const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
        return (
          <div key={month} className="break-inside-avoid">
            <p className="pb-1 font-semibold">{nameOf.format(first)}</p>
            <div className="grid grid-cols-7 text-center text-meta">
              {why.weekdays.map((weekday) => (
                <span key={weekday} className="h-5 text-ink-3">
                  {calendar.weekday(weekday)}
                </span>
              ))}
              {Array.from({ length: count }, (_, index) => {
                const date = `${year}-${two(month)}-${two(index + 1)}`;
                const holiday = byDate.get(date);
                const isWeekend = (before + index) % 7 >= 5;
                return (
                  <span
                    key={date}
                    title={holiday?.name}
                    style={index === 0 ? { gridColumnStart: before + 1 } : undefined}
                    className={classes(
                      "flex h-6 items-center justify-center rounded-[4px]",
                      isWeekend && "text-ink-3",
                      holiday?.change === "same" && "font-semibold text-bad",
                      holiday?.change === "added" && "bg-bad-bg font-semibold text-bad",
                      holiday?.change === "removed" && "bg-sunken line-through",
                    )}
                  >
                    {index + 1}
                  </span>
                );
              })}
            </div>
          </div>
        );
      })}
    </div>
  );
}
