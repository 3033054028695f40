"use client";

import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import type { UnresolvedFilter } from "#server/payments/unresolved.schemas.ts";
import type { UnresolvedOutcome, UnresolvedRow } from "#server/payments/unresolved-queries.ts";

/** A row on the screen. `left`: it is over, or has left the filter, and goes in a moment; the outcome is null until it is known. */
export type InboxRow = UnresolvedRow & Readonly<{ left?: Readonly<{ outcome: UnresolvedOutcome | null }> }>;

type Left = Readonly<{ row: UnresolvedRow; outcome: UnresolvedOutcome | null; untilMs: number }>;

const pageSize = 50;
const everyMs = 3_000;
/** While a click is being carried out. */
const eagerMs = 1_000;
/** Long enough to read how it ended. */
const leavesAfterMs = 8_000;

/** The list, live: rows change in place, new ones come at the end, and one that is over stays a moment to say how it ended. */
export function useUnresolvedList({
  filter,
  address,
  isEager,
  now,
}: {
  filter: UnresolvedFilter;
  /** Stands for the filter. */
  address: string;
  isEager: boolean;
  now: Date | null;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = useInfiniteQuery({
    ...trpc.unresolved.search.infiniteQueryOptions(
      { filter, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
    refetchInterval: isEager ? eagerMs : everyMs,
    staleTime: 0,
  });
  const present = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);

  const known = useRef<{ address: string; rows: readonly UnresolvedRow[] } | null>(null);
  const [left, setLeft] = useState<readonly Left[]>([]);
  useEffect(() => {
    if (!list.data || list.isPlaceholderData) return;
    const before = known.current;
    known.current = { address, rows: present };
    if (before?.address !== address) {
      setLeft([]);
      return;
    }
    const ids = new Set(present.map((row) => row.subjectId));
    const gone = before.rows.filter((row) => !ids.has(row.subjectId)).slice(0, 100);
    if (gone.length === 0) return;
    const untilMs = Date.now() + leavesAfterMs;
    setLeft((earlier) => [
      ...earlier.filter((one) => one.untilMs > Date.now()),
      ...gone.map((row) => ({ row, outcome: null, untilMs })),
    ]);
    queryClient
      .fetchQuery(trpc.unresolved.outcomes.queryOptions({ subjectIds: gone.map((row) => row.subjectId) }))
      .then((outcomes) => {
        const outcomeOf = new Map(outcomes.map((outcome) => [outcome.subjectId, outcome]));
        setLeft((all) =>
          all.map((one) => ({ ...one, outcome: outcomeOf.get(one.row.subjectId) ?? one.outcome })),
        );
      })
      // The row leaves all the same; its payment says how it ended.
      .catch(() => undefined);
  }, [list.data, list.isPlaceholderData, address, present, queryClient, trpc]);

  const rows = useMemo<readonly InboxRow[]>(() => {
    const ids = new Set(present.map((row) => row.subjectId));
    const leaving = left.filter(
      (one) => !ids.has(one.row.subjectId) && (!now || one.untilMs > now.getTime()),
    );
    if (leaving.length === 0) return present;
    // Those that are there keep the order they came in; each that leaves stands where it stood among them.
    const merged: InboxRow[] = [...present];
    const asOf = now ?? new Date();
    for (const { row, outcome } of leaving) {
      const place = merged.findIndex((other) => comesBefore(row, other, asOf));
      merged.splice(place === -1 ? merged.length : place, 0, { ...row, left: { outcome } });
    }
    return merged;
  }, [present, left, now]);

  return { list, rows };
}

/** The order of the list: what can still be net-cancelled by its deadline, then all others by age. */
function comesBefore(row: UnresolvedRow, other: UnresolvedRow, asOf: Date): boolean {
  const urgencyOf = ({ deadlineAt }: UnresolvedRow) =>
    deadlineAt && deadlineAt > asOf ? deadlineAt.getTime() : Number.MAX_SAFE_INTEGER;
  const ahead =
    urgencyOf(other) - urgencyOf(row) ||
    other.since.getTime() - row.since.getTime() ||
    (row.subjectId < other.subjectId ? 1 : -1);
  return ahead > 0;
}
