"use client";

import { useEffect, useState } from "react";

/** The present instant, again every second; `null` until the page runs in the browser. */
export function useNow(everyMs = 1_000): Date | null {
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => {
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
