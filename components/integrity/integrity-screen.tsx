"use client";

import { useQuery } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { CheckNowButton, CheckProgress, useCheckNow } from "#components/integrity/check-now.tsx";
import { IncidentSection } from "#components/integrity/incident-section.tsx";
import { InvariantDrawer } from "#components/integrity/invariant-drawer.tsx";
import { InvariantCards, InvariantTable } from "#components/integrity/invariant-list.tsx";
import { OrphanSection } from "#components/integrity/orphan-section.tsx";
import { VerdictLine } from "#components/integrity/verdict.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const refreshEveryMs = 5_000;
/** While somebody waits for a full check, its progress is worth more questions. */
const refreshWhileCheckingMs = 1_000;

/** Whether everything that must hold holds: the verdict, each invariant, what a person should know of, money left at VANs. */
export function IntegrityScreen() {
  const { integrity } = useTexts();
  const trpc = useTRPC();
  const narrow = useNarrow();
  const now = useNow();
  const mayCheck = useMay("integrity:check");
  const check = useCheckNow();
  const { rule, open } = useOpenRule();
  const query = useQuery({
    ...trpc.integrity.overview.queryOptions(),
    refetchInterval: ({ state }) =>
      state.data?.present?.kind === "FULL" ? refreshWhileCheckingMs : refreshEveryMs,
  });
  const overview = query.data;
  const present = overview?.present ?? null;
  // Until the page runs in the browser its clock is that of the answer.
  const clock = now ?? new Date(query.dataUpdatedAt);
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto pb-6">
      <PageHeader
        title={integrity.title}
        status={
          overview ? (
            <span>
              <TimeInText at={new Date(query.dataUpdatedAt)} say={integrity.live} />
            </span>
          ) : null
        }
        actions={mayCheck && overview ? <CheckNowButton check={check} present={present} /> : undefined}
      />
      {query.isError ? (
        <div className="px-6 pb-3 max-wide:px-4">
          <QueryError
            error={query.error}
            title={integrity.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
            compact={overview !== undefined}
          />
        </div>
      ) : null}
      {overview ? (
        <>
          <VerdictLine overview={overview} now={clock} />
          <CheckProgress check={check} present={present} />
          <section aria-labelledby="rules">
            <div className="px-6 max-wide:px-4">
              <SectionTitle id="rules" remark={integrity.rules.remark}>
                {integrity.rules.title}
              </SectionTitle>
            </div>
            {narrow ? (
              <InvariantCards invariants={overview.invariants} onOpen={open} />
            ) : (
              <InvariantTable invariants={overview.invariants} onOpen={open} />
            )}
          </section>
          <IncidentSection invariants={overview.invariants} />
          <OrphanSection now={clock} narrow={narrow} />
          <InvariantDrawer
            invariant={overview.invariants.find(({ id }) => id === rule)}
            onClose={() => open(null)}
          />
        </>
      ) : query.isPending ? (
        <div className="flex flex-col gap-6 p-6 max-wide:p-4">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-80 w-full" />
        </div>
      ) : null}
    </div>
  );
}

/** The invariant whose findings are shown: kept in the address, so that it can be sent to a colleague. */
function useOpenRule() {
  const pathname = usePathname();
  const rule = useSearchParams().get("rule");
  const open = (id: string | null) =>
    window.history.pushState(null, "", id === null ? pathname : `${pathname}?rule=${id}`);
  return { rule, open };
}
