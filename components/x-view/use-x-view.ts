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
      const address = pathname + writeXViewUrl({ ...view, ...next });
      if (how === "step") window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    },
    [pathname, view],
  );
  return { view, change };
}
