"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type ListState, readListUrl, writeListUrl } from "#components/payments/payment-filter-url.ts";

/**
 * The list's filter and order, kept in the address alone: a link shows the same list, and Back goes to the one before.
 * `replace` is for typing, where each letter is no step worth going back to.
 */
export function useListState() {
  const pathname = usePathname();
  const params = useSearchParams();
  const text = params.toString();
  const state = useMemo(() => readListUrl(new URLSearchParams(text)), [text]);
  const search = writeListUrl(state);
  const change = useCallback(
    (next: Partial<ListState>, how: "push" | "replace" = "push") => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const present = readListUrl(new URLSearchParams(window.location.search));
      const url = pathname + writeListUrl({ ...present, ...next });
      if (how === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    },
    [pathname],
  );
  return { ...state, search, change };
}
