"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { type Chosen, readChosen } from "#components/bulk/chosen-address.ts";
import { readPicked } from "#components/bulk/picked-payments.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { bulkAddressIdsMax } from "#server/bulk/bulk.values.ts";

/** What the list handed over. `ids` is null until they are known, and when there is a `problem` or an `error`. */
export type ChosenPayments = Readonly<{
  isGiven: boolean;
  isAllMatching: boolean;
  /** How many the list said there are, when they were chosen by their filter. */
  seen: number | null;
  ids: readonly string[] | null;
  problem: string | null;
  error: unknown;
  retry: () => void;
}>;

/**
 * The payments that the list handed over in the address. A filter is resolved once, when the page opens: what comes later is
 * not among them.
 */
export function useChosenPayments(): ChosenPayments {
  const words = useTexts().bulk.source;
  const trpc = useTRPC();
  const text = useSearchParams().toString();
  const chosen = useMemo(() => readChosen(new URLSearchParams(text)), [text]);
  const picked = usePicked(chosen);
  const matching = useQuery(
    trpc.bulkCancel.matching.queryOptions(
      chosen.kind === "matching" ? { filter: chosen.filter } : skipToken,
      {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 0,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        trpc: { context: { skipBatch: true } },
      },
    ),
  );
  const found = matching.data;
  const problem = (): string | null => {
    if (chosen.kind === "unreadable")
      return chosen.because === "filter"
        ? words.badFilter
        : chosen.because === "ids"
          ? words.badIds
          : words.tooManyIds(bulkAddressIdsMax);
    if (chosen.kind === "picked" && picked === null) return words.notPickedHere;
    if (found?.kind === "tooMany") return words.tooManyMatching(found.max);
    return found?.ids.length === 0 ? words.noneMatching : null;
  };
  const ids =
    chosen.kind === "ids"
      ? chosen.ids
      : chosen.kind === "picked"
        ? picked
        : found?.kind === "found" && found.ids.length > 0
          ? found.ids
          : null;
  return {
    isGiven: chosen.kind !== "none",
    isAllMatching: chosen.kind === "matching",
    seen: chosen.kind === "matching" ? chosen.seen : null,
    ids: ids ?? null,
    problem: problem(),
    error: matching.error,
    retry: () => void matching.refetch(),
  };
}

/** What this tab keeps; undefined until it was looked up, which only a browser can. */
function usePicked(chosen: Chosen): readonly string[] | null | undefined {
  const key = chosen.kind === "picked" ? chosen.key : null;
  const [picked, setPicked] = useState<readonly string[] | null | undefined>(undefined);
  useEffect(() => setPicked(key === null ? undefined : readPicked(key)), [key]);
  return picked;
}
