"use client";

import { CircleAlert } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { SearchProblem as Problem } from "#components/payments/search-grammar.ts";
import { Button } from "#components/ui/button.tsx";

/** Why what was typed was not taken, and the mended text where one was likely meant. */
export function SearchProblem({
  id,
  problem,
  onCorrect,
}: {
  id: string;
  problem: Problem;
  onCorrect: (text: string) => void;
}) {
  const { grammar } = useTexts().paymentList;
  const meant = "corrected" in problem && problem.corrected !== null ? problem : null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-6 pb-2.5 max-wide:px-4">
      <p id={id} role="alert" className="flex items-start gap-1.5 text-bad">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />
        <span>
          {sentenceOf(problem, grammar)}
          {meant?.nearest ? ` ${grammar.didYouMean(meant.nearest)}` : ""}
          <span className="text-ink-2"> {grammar.nothingChanged}</span>
        </span>
      </p>
      {meant?.corrected ? (
        <Button
          size="small"
          onClick={() => {
            if (meant.corrected) onCorrect(meant.corrected);
          }}
        >
          {grammar.fix(meant.corrected)}
        </Button>
      ) : null}
    </div>
  );
}

function sentenceOf(problem: Problem, words: ReturnType<typeof useTexts>["paymentList"]["grammar"]): string {
  switch (problem.kind) {
    case "unknownKey":
      return problem.nearest
        ? words.unknownKey(problem.key)
        : `${words.unknownKey(problem.key)} ${words.asWords(problem.key)}`;
    case "missing":
      return words.missing(problem.key);
    case "twice":
      return words.twice(problem.key);
    case "noValue":
      return words.noValue(problem.key, problem.value);
    case "manyValues":
      return words.manyValues(problem.value, problem.found.join(", "));
    case "malformed":
      return words.malformed[problem.of](problem.value);
    case "notPossible":
      return problem.key === null ? words.notPossibleWord : words.notPossible(problem.key);
    case "nothingLeft":
      return words.nothingLeft(problem.key);
    case "unread":
      return words.unread;
  }
}
