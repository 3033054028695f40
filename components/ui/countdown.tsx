"use client";

import { useMemo, useSyncExternalStore } from "react";
import { openTicker, type Ticker } from "#components/ui/ticker.ts";

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known) return known;
  const ticker = openTicker(everyMs);
  tickers.set(everyMs, ticker);
  return ticker;
}

const onServer = () => null;

/**
 * The present instant, again every second. `null` on the server and while its document comes to life; what is drawn
 * later has it from the first, so that nothing that counts grows a moment after it stands.
 */
export function useNow(everyMs = 1_000): Date | null {
  const { subscribe, nowMs } = tickerOf(everyMs);
  const atMs = useSyncExternalStore<number | null>(subscribe, nowMs, onServer);
  return useMemo(() => (atMs === null ? null : new Date(atMs)), [atMs]);
}
