"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readFilterUrl, writeFilterUrl } from "#components/dead-letters/dead-letter-url.ts";
import type { DeadLetterFilter } from "#server/dead-letters/dead-letter.schemas.ts";

/** The filter, kept in the address alone. `replace` is for typing, where each letter is no step worth going back to. */
export function useDeadLetterFilter() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const written = useMemo(() => readFilterUrl(new URLSearchParams(text)), [text]);
  // The address follows a click a moment later; until then the box that was clicked must not jump back.
  const [ahead, setAhead] = useState<DeadLetterFilter | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address has caught up
  useEffect(() => setAhead(null), [text]);
  const filter = ahead ?? written;
  const change = useCallback(
    (next: Partial<DeadLetterFilter>, how: "push" | "replace" = "push") => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const changed = { ...readFilterUrl(new URLSearchParams(window.location.search)), ...next };
      const url = pathname + writeFilterUrl(changed);
      setAhead(changed);
      if (how === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    },
    [pathname],
  );
  return { filter, change };
}
