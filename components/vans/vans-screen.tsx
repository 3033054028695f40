"use client";

import { useQuery } from "@tanstack/react-query";
import { Network } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { FaultSwitchRow } from "#components/vans/fault-switch-row.tsx";
import { SwitchSheet, type SwitchWish } from "#components/vans/switch-sheet.tsx";
import { VanCard } from "#components/vans/van-card.tsx";
import { VanHistory } from "#components/vans/van-history.tsx";
import { strandedWithout } from "#components/vans/van-view.ts";
import type { FaultSwitch } from "#server/van/sandbox-faults.ts";

const WeightsSheet = dynamic(
  () => import("#components/vans/weights-sheet.tsx").then((module) => module.WeightsSheet),
  { ssr: false },
);

const liveEveryMs = 2_000;
const figuresEveryMs = 10_000;
const faultsEveryMs = 5_000;

/** Every VAN: whether new approvals go there, what its circuit says in each process, and the switch to stop them. */
export function VansScreen() {
  const { vans } = useTexts();
  const trpc = useTRPC();
  const [wish, setWish] = useState<SwitchWish | null>(null);
  const [weighedMall, setWeighedMall] = useState<string | null>(null);
  const query = useQuery({ ...trpc.van.board.queryOptions(), refetchInterval: liveEveryMs });
  const recent = useQuery({ ...trpc.van.recentFigures.queryOptions(), refetchInterval: figuresEveryMs });
  const faults = useQuery({ ...trpc.van.faults.queryOptions(), refetchInterval: faultsEveryMs });
  const board = query.data;
  return (
    <div className="flex flex-1 flex-col">
      <PageHeader
        title={vans.title}
        status={
          board ? (
            <>
              <span>{vans.count(board.vans.length)}</span>
              <span aria-hidden>·</span>
              <span className="tabular-nums">
                <TimeInText at={board.at} say={vans.live} />
              </span>
            </>
          ) : null
        }
      />
      {query.isError ? (
        <div className="px-6 pt-2 pb-2 max-wide:px-4">
          <QueryError
            error={query.error}
            title={vans.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
            compact={board !== undefined}
          />
        </div>
      ) : null}
      {board ? (
        board.vans.length === 0 ? (
          <EmptyState icon={Network} title={vans.empty}>
            {vans.emptyBody}
          </EmptyState>
        ) : (
          <ul className="grid grid-cols-2 items-start gap-4 px-6 pt-2 pb-4 max-full:grid-cols-1 max-wide:px-4">
            {board.vans.map((van) => (
              <li key={van.code} className="min-w-0">
                <VanCard
                  van={van}
                  inFlightMax={board.inFlightMax}
                  stranded={strandedWithout(board, van.code)}
                  recent={recent}
                  faults={faultsOf(faults.data, van.code)}
                  onWeigh={setWeighedMall}
                  onSwitch={(action, isCircuitOpen) => setWish({ code: van.code, action, isCircuitOpen })}
                />
              </li>
            ))}
          </ul>
        )
      ) : query.isError ? null : (
        <div className="grid grid-cols-2 gap-4 px-6 pt-2 max-full:grid-cols-1 max-wide:px-4">
          <Skeleton className="h-80 w-full" />
          <Skeleton className="h-80 w-full" />
        </div>
      )}
      {board ? <VanHistory /> : null}
      {board && weighedMall !== null ? (
        <WeightsSheet mallId={weighedMall} board={board} onClose={() => setWeighedMall(null)} />
      ) : null}
      <SwitchSheet wish={wish} board={board} onClose={() => setWish(null)} />
    </div>
  );
}

function faultsOf(switches: readonly FaultSwitch[] | null | undefined, code: string) {
  const found = switches?.find((one) => one.code === code);
  return found ? <FaultSwitchRow faults={found} /> : null;
}
