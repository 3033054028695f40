"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type AuditView, readAuditUrl, writeAuditUrl } from "#components/audit/audit-url.ts";

/** The filter of the log, kept in the address alone. */
export function useAuditView() {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const view = useMemo(() => readAuditUrl(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (next: Partial<AuditView>) => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const present = readAuditUrl(new URLSearchParams(window.location.search));
      window.history.pushState(null, "", pathname + writeAuditUrl({ ...present, ...next }));
    },
    [pathname],
  );
  return { view, change };
}
