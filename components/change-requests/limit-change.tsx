"use client";

import { useQuery } from "@tanstack/react-query";
import { BeforeAfter } from "#components/change-requests/before-after.tsx";
import { useSaidLimit } from "#components/change-requests/said-limit.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Note } from "#components/ui/note.tsx";
import { changeKinds } from "#server/change-requests/change-kinds.values.ts";
import type { StoredPayload } from "#server/change-requests/change-payloads.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

const lookEveryMs = 5_000;

/** How far a role would act alone, before and after, and whether the limit is still the one it was asked on. */
export default function LimitChange({ change }: { change: ChangeDetail }) {
  const { changeRequests, common } = useTexts();
  const words = changeRequests.limitChange;
  const said = useSaidLimit();
  const trpc = useTRPC();
  const isPending = change.status === "PENDING";
  const policy = useQuery(
    trpc.changeRequest.policy.queryOptions(undefined, {
      staleTime: 0,
      enabled: isPending,
      refetchInterval: lookEveryMs,
    }),
  );
  // The column is JSON; `requestLimitChange` writes no other shape.
  const { kind, role, beforeMax, afterMax } = change.payload as unknown as StoredPayload<"LIMIT_CHANGE">;
  const { unit } = changeKinds[kind];
  const limitOf = (digits: string | null) => (digits === null ? null : BigInt(digits));
  const present = policy.data
    ?.find((one) => one.kind === kind)
    ?.limits.find((limit) => limit.role === role)?.limitMax;
  const isStale = isPending && present !== undefined && present !== limitOf(beforeMax);
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview">{words.title}</SectionTitle>
      <div className="flex max-w-140 flex-col gap-3">
        {isStale ? (
          <Note tone="warn">{words.stale(said(unit, limitOf(beforeMax)), said(unit, present))}</Note>
        ) : null}
        <BeforeAfter
          caption={words.caption}
          rows={[
            {
              name: `${changeRequests.kinds[kind]} · ${common.role[role]}`,
              before: said(unit, limitOf(beforeMax)),
              after: said(unit, limitOf(afterMax)),
            },
          ]}
        />
      </div>
    </section>
  );
}
