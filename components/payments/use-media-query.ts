"use client";

import { useCallback, useSyncExternalStore } from "react";

/** True while the media query holds; false on the server. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (notify: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", notify);
      return () => media.removeEventListener("change", notify);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** True on a narrow screen, where a table becomes a list (design §13). */
export function useNarrow(): boolean {
  return useMediaQuery("(max-width: 760px)");
}
