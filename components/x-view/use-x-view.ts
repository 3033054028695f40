"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { readXViewUrl, writeXViewUrl, type XView } from "#components/x-view/x-view-url.ts";

/** What the page shows, kept in its address alone. `quietly` leaves no step for Back, as while one zooms. */
export function useXView() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const view = useMemo(() => readXViewUrl(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (next: Partial<XView>, how: "step" | "quietly" = "step") => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const present = readXViewUrl(new URLSearchParams(window.location.search));
      const address = pathname + writeXViewUrl({ ...present, ...next });
      if (how === "step") window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    },
    [pathname],
  );
  return { view, change };
}
