"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { readWireError } from "#components/wire-errors/wire-error-kind.ts";

/** Says an error of a call in words; `undefined` when it is of no kind that has words. */
export function useWireErrorWords(): (error: string) => string | undefined {
  const { wireErrors: words } = useTexts().common;
  return (error) => {
    const read = readWireError(error);
    if (!read) return undefined;
    return "value" in read ? words[read.kind](read.value) : words[read.kind];
  };
}

/** Why a call got no good answer, in words; what was written down follows, for whoever must look deeper, unless it says no more. */
export function WireErrorText({ error }: { error: string }) {
  const words = useWireErrorWords()(error);
  if (words === undefined) return <span lang="en">{error}</span>;
  if (readWireError(error)?.kind === "status") return words;
  return (
    <>
      {words}{" "}
      <small lang="en" className="text-ink-3 text-meta [overflow-wrap:anywhere]">
        {error}
      </small>
    </>
  );
}
