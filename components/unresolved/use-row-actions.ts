"use client";

import { useMutation } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import type { HastenResult } from "#server/payments/hasten-recovery.ts";
import type { InquiryResult } from "#server/payments/inquire-unresolved.ts";
import { inquiriesMax } from "#server/payments/unresolved.values.ts";

/** What was done about a row in this session of the screen. */
export type RowState = Readonly<{
  isAsking: boolean;
  result?: InquiryResult;
  askError?: unknown;
  isHastening: boolean;
  hastened?: Readonly<{ result: HastenResult; atMs: number }>;
  hastenError?: unknown;
}>;

const untouched: RowState = { isAsking: false, isHastening: false };

/** An asking of several rows: how far it is. */
export type Asking = Readonly<{ count: number; done: number; answered: number; silent: number }>;

/** After this long a started recovery that has not ended the matter is no longer waited for. */
export const waitsMs = 15_000;
/** Calls of several rows follow each other no faster, so that a VAN that is back is not flooded. */
const betweenCallsMs = 1_000;

/** Asking the VAN about rows and letting their recovery run now. Every answer stays beside its row. */
export function useRowActions() {
  const trpc = useTRPC();
  const inquiry = useMutation(trpc.unresolved.inquire.mutationOptions());
  const hastening = useMutation(trpc.unresolved.hasten.mutationOptions());
  const [states, setStates] = useState<ReadonlyMap<string, RowState>>(new Map());
  const [asking, setAsking] = useState<Asking | null>(null);

  const set = useCallback((ids: readonly string[], next: (id: string) => RowState) => {
    setStates((present) => new Map([...present, ...ids.map((id) => [id, next(id)] as const)]));
  }, []);

  const { mutateAsync: inquire } = inquiry;
  const askSome = useCallback(
    async (ids: readonly string[]): Promise<readonly InquiryResult[]> => {
      set(ids, () => ({ ...untouched, isAsking: true }));
      try {
        const results = await inquire({ subjectIds: [...ids] });
        const resultOf = new Map(results.map((result) => [result.subjectId, result]));
        set(ids, (id) => {
          const result = resultOf.get(id);
          return { ...untouched, ...(result && { result }) };
        });
        return results;
      } catch (askError) {
        set(ids, () => ({ ...untouched, askError }));
        return [];
      }
    },
    [inquire, set],
  );

  const ask = useCallback((id: string) => void askSome([id]), [askSome]);

  const askAll = useCallback(
    async (ids: readonly string[]) => {
      let progress: Asking = { count: ids.length, done: 0, answered: 0, silent: 0 };
      setAsking(progress);
      for (let start = 0; start < ids.length; start += inquiriesMax) {
        if (start > 0) await new Promise((resolve) => setTimeout(resolve, betweenCallsMs));
        const some = ids.slice(start, start + inquiriesMax);
        const answered = (await askSome(some)).filter(hasAnswer).length;
        progress = {
          count: ids.length,
          done: start + some.length,
          answered: progress.answered + answered,
          silent: progress.silent + some.length - answered,
        };
        setAsking(progress);
      }
    },
    [askSome],
  );

  const { mutateAsync: sendHasten } = hastening;
  const hasten = useCallback(
    async (id: string) => {
      setStates((present) =>
        new Map(present).set(id, { ...(present.get(id) ?? untouched), isHastening: true }),
      );
      const end = (how: Partial<RowState>) =>
        setStates((present) =>
          new Map(present).set(id, { ...(present.get(id) ?? untouched), isHastening: false, ...how }),
        );
      try {
        const result = await sendHasten({ subjectId: id });
        end({ hastened: { result, atMs: Date.now() } });
      } catch (hastenError) {
        end({ hastenError });
      }
    },
    [sendHasten],
  );

  const forgetAsking = useCallback(() => setAsking(null), []);
  return { states, ask, askAll, asking, forgetAsking, hasten };
}

function hasAnswer(result: InquiryResult): boolean {
  if (result.kind !== "answered") return true;
  return result.answer.kind === "found" || result.answer.kind === "not_found";
}
