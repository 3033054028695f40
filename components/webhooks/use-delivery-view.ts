"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type DeliveryView, readDeliveryUrl, writeDeliveryUrl } from "#components/webhooks/delivery-url.ts";

/** The filter of the log and the delivery that is open, kept in the address alone. `replace` is for typing. */
export function useDeliveryView() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const view = useMemo(() => readDeliveryUrl(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (next: Partial<DeliveryView>, how: "push" | "replace" = "push") => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const present = readDeliveryUrl(new URLSearchParams(window.location.search));
      const url = pathname + writeDeliveryUrl({ ...present, ...next });
      if (how === "push") window.history.pushState(null, "", url);
      else window.history.replaceState(null, "", url);
    },
    [pathname],
  );
  return { view, change };
}
