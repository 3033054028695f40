"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { CancelChangePreview } from "#components/change-requests/cancel-change.tsx";
import { ChangeHistory } from "#components/change-requests/change-history.tsx";
import { changeAmount, changeName, isOfSettlement } from "#components/change-requests/change-name.ts";
import { ChangeOutcome } from "#components/change-requests/change-outcome.tsx";
import { ChangeRail } from "#components/change-requests/change-rail.tsx";
import { ChangeStatusBadge } from "#components/change-requests/change-status.tsx";
import type { DecisionWish } from "#components/change-requests/decide-sheet.tsx";
import { useSubjectName } from "#components/change-requests/subject-name.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { HeroMoney } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

const DecideSheet = dynamic(() => import("#components/change-requests/decide-sheet.tsx"), { ssr: false });
// Their place is kept, so that the history below does not move when they come.
const loading = () => <Skeleton className="mt-4 h-40 w-full max-w-140" />;
const BulkCancelChange = dynamic(() => import("#components/change-requests/bulk-cancel-change.tsx"), {
  ssr: false,
  loading,
});
const RedriveChange = dynamic(() => import("#components/change-requests/redrive-change.tsx"), {
  ssr: false,
  loading,
});
const KeyChange = dynamic(() => import("#components/change-requests/key-change.tsx"), {
  ssr: false,
  loading,
});
const ContractChange = dynamic(() => import("#components/change-requests/contract-change.tsx"), {
  ssr: false,
  loading,
});
const LimitChange = dynamic(() => import("#components/change-requests/limit-change.tsx"), {
  ssr: false,
  loading,
});
const SettlementChange = dynamic(() => import("#components/change-requests/settlement-change.tsx"), {
  ssr: false,
  loading,
});
const EditCancelSheet = dynamic(() => import("#components/change-requests/edit-cancel-sheet.tsx"), {
  ssr: false,
});

const movingEveryMs = 1_500;
const waitingEveryMs = 5_000;

/** One request: what is asked for and by whom, what approving it would do now, the decision, and what became of it. */
export function ChangeScreen({ requestId }: { requestId: string }) {
  const { changeRequests } = useTexts();
  const words = changeRequests;
  const trpc = useTRPC();
  const query = useQuery(
    trpc.changeRequest.read.queryOptions(
      { requestId },
      {
        staleTime: 0,
        refetchInterval: ({ state }) =>
          state.data?.status === "APPROVED" || state.data?.status === "RUNNING"
            ? movingEveryMs
            : state.data?.status === "PENDING"
              ? waitingEveryMs
              : false,
      },
    ),
  );
  if (query.data) return <Loaded change={query.data} />;
  const code = refusalOf(query.error)?.code;
  if (code === "NOT_FOUND" || code === "INVALID_REQUEST")
    return (
      <>
        <h1 className="sr-only">{words.notFound}</h1>
        <EmptyState
          icon={SearchX}
          title={words.notFound}
          action={
            <Link href="/change-requests" className={buttonClasses()}>
              {words.toList}
            </Link>
          }
        >
          {words.notFoundBody}
        </EmptyState>
      </>
    );
  return (
    <>
      <Breadcrumbs crumbs={[{ label: words.title, href: "/change-requests" }, { label: requestId }]} />
      <div className="px-6 py-4 max-wide:px-4">
        {query.isError ? (
          <>
            <h1 className="sr-only">{words.loadFailed}</h1>
            <QueryError
              error={query.error}
              title={words.loadFailed}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          </>
        ) : (
          <div className="flex flex-col gap-5">
            <Skeleton className="h-8 w-52" />
            <Skeleton className="w-96 max-w-full" />
            <Skeleton className="h-40 w-full max-w-140" />
          </div>
        )}
      </div>
    </>
  );
}

function Loaded({ change }: { change: ChangeDetail }) {
  const { changeRequests } = useTexts();
  const words = changeRequests.detail;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useOperator();
  const mayDecide = useMay("change-request:decide");
  const mayCancel = useMay("payment:cancel");
  const [wish, setWish] = useState<DecisionWish | null>(null);
  const [editing, setEditing] = useState(false);
  const isOwn = change.makerId === me.id;
  const isPending = change.status === "PENDING" && change.expiresAt > new Date();
  const isCancel = change.kind === "CANCEL";
  const subjectName = useSubjectName()(change);
  const name = changeName(change, changeRequests);
  const amountMinor = changeAmount(change);
  return (
    <div className="flex flex-1 flex-col">
      <Breadcrumbs
        crumbs={[{ label: changeRequests.title, href: "/change-requests" }, { label: subjectName }]}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-6 pt-1 pb-3.5 max-wide:px-4">
        <h1 className="font-bold text-hero">
          {amountMinor === null ? (
            name
          ) : (
            <>
              <HeroMoney amountMinor={amountMinor} />{" "}
              <span className="font-semibold text-section">{name}</span>
            </>
          )}
        </h1>
        <ChangeStatusBadge status={change.status} expiresAt={change.expiresAt} size="large" />
        {change.version > 1 ? <span className="text-ink-3">{words.version(change.version)}</span> : null}
        {isPending && mayDecide && !isOwn ? (
          <div className="ml-auto flex gap-2 max-wide:w-full">
            <Button className="max-wide:flex-1" onClick={() => setWish("reject")}>
              {words.reject}
            </Button>
            <Button look="primary" className="max-wide:flex-1" onClick={() => setWish("approve")}>
              {words.approve}
            </Button>
          </div>
        ) : null}
        {isOwn && (isPending || change.status === "APPROVED") ? (
          <div className="ml-auto flex gap-2 max-wide:w-full">
            <Button className="max-wide:flex-1" onClick={() => setWish("withdraw")}>
              {words.withdraw}
            </Button>
            {isPending && isCancel && mayCancel ? (
              <Button className="max-wide:flex-1" onClick={() => setEditing(true)}>
                {words.edit}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
      <div className="grid flex-1 grid-cols-[minmax(0,1fr)_320px] max-wide:grid-cols-[minmax(0,1fr)]">
        <div className="min-w-0 px-6 pt-4 pb-8 max-wide:px-4">
          {isPending && isOwn ? (
            <div className="max-w-140">
              <Note>
                <p className="font-semibold">{words.own}</p>
                <p>{isCancel ? words.ownBody : words.ownBodyFixed}</p>
              </Note>
            </div>
          ) : null}
          <ChangeOutcome change={change} />
          {isPending && isCancel ? <CancelChangePreview change={change} /> : null}
          {change.kind === "BULK_CANCEL" ? <BulkCancelChange change={change} /> : null}
          {change.kind === "BULK_REDRIVE" ? <RedriveChange change={change} /> : null}
          {change.kind === "KEY_CHANGE" ? <KeyChange change={change} /> : null}
          {change.kind === "CONTRACT_CHANGE" ? <ContractChange change={change} /> : null}
          {change.kind === "LIMIT_CHANGE" ? <LimitChange change={change} /> : null}
          {isOfSettlement(change) ? <SettlementChange change={change} /> : null}
          <ChangeHistory change={change} />
        </div>
        <ChangeRail change={change} />
      </div>
      {wish ? <DecideSheet change={change} wish={wish} onClose={() => setWish(null)} /> : null}
      {editing ? (
        <EditCancelSheet
          change={change}
          onClose={() => {
            setEditing(false);
            void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
          }}
        />
      ) : null}
    </div>
  );
}
