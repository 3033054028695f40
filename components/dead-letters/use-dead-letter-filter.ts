"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { readFilterUrl, writeFilterUrl } from "#components/dead-letters/dead-letter-url.ts";
import type { DeadLetterFilter } from "#server/dead-letters/dead-letter.schemas.ts";

/** The filter, kept in the address alone. `replace` is for typing, where each letter is no step worth going back to. */
export function useDeadLetterFilter() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const filter = useMemo(() => readFilterUrl(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (next: Partial<DeadLetterFilter>, how: "push" | "replace" = "push") => {
      const url = pathname + writeFilterUrl({ ...filter, ...next });
      if (how === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    },
    [pathname, filter],
  );
  return { filter, change };
}
