"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readFilterUrl, writeFilterUrl } from "#components/unresolved/unresolved-url.ts";
import type { UnresolvedFilter } from "#server/payments/unresolved.schemas.ts";

/** The filter, kept in the address alone. */
export function useUnresolvedFilter() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const written = useMemo(() => readFilterUrl(new URLSearchParams(text)), [text]);
  // The address follows a click a moment later; until then the box that was clicked must not jump back.
  const [ahead, setAhead] = useState<UnresolvedFilter | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address has caught up
  useEffect(() => setAhead(null), [text]);
  const filter = ahead ?? written;
  const change = useCallback(
    (next: Partial<UnresolvedFilter>) => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const changed = { ...readFilterUrl(new URLSearchParams(window.location.search)), ...next };
      setAhead(changed);
      window.history.pushState(null, "", pathname + writeFilterUrl(changed));
    },
    [pathname],
  );
  return { filter, change };
}
