"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type LatencyView, readLatencyUrl, writeLatencyUrl } from "#components/reports/latency-url.ts";

/** Period and filter of the page, kept in the address alone. */
export function useLatencyView() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const view = useMemo(() => readLatencyUrl(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (next: Partial<LatencyView>) => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const present = readLatencyUrl(new URLSearchParams(window.location.search));
      window.history.pushState(null, "", pathname + writeLatencyUrl({ ...present, ...next }));
    },
    [pathname],
  );
  return { view, change };
}
