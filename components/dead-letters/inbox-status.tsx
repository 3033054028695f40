"use client";

import { Fragment, type ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";

/** What stands beside the title of a list with deadlines: how much there is and how urgent, and what is too late already in the colour of danger. */
export function InboxStatus({
  count,
  nearest,
  passed,
  total,
}: {
  count: string;
  nearest: string | null;
  /** How many are past their deadline. */
  passed: number;
  total: string | null;
}) {
  const { deadLetters } = useTexts();
  const parts: readonly Readonly<{ key: string; text: ReactNode }>[] = [
    { key: "count", text: count },
    { key: "nearest", text: nearest },
    {
      key: "passed",
      text:
        passed > 0 ? <span className="font-semibold text-bad">{deadLetters.passedCount(passed)}</span> : null,
    },
    { key: "total", text: total },
  ].filter(({ text }) => text !== null);
  return (
    <span>
      {parts.map(({ key, text }, index) => (
        <Fragment key={key}>
          {index > 0 ? " · " : null}
          {text}
        </Fragment>
      ))}
    </span>
  );
}
