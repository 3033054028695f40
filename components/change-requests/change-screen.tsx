"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { CancelChangePreview, readCancelPayload } from "#components/change-requests/cancel-change.tsx";
import { changeAmount, changeName, isOfSettlement } from "#components/change-requests/change-name.ts";
import { ChangeStatusBadge } from "#components/change-requests/change-status.tsx";
import type { DecisionWish } from "#components/change-requests/decide-sheet.tsx";
import { useSubjectName } from "#components/change-requests/subject-name.ts";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { HeroMoney, Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { changeKinds } from "#server/change-requests/change-kinds.values.ts";
import type { ChangeDetail, ChangeEvent } from "#server/change-requests/change-request-queries.ts";

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
          <Outcome change={change} />
          {isPending && isCancel && mayCancel ? <CancelChangePreview change={change} /> : null}
          {change.kind === "BULK_CANCEL" ? <BulkCancelChange change={change} /> : null}
          {change.kind === "BULK_REDRIVE" ? <RedriveChange change={change} /> : null}
          {change.kind === "KEY_CHANGE" ? <KeyChange change={change} /> : null}
          {change.kind === "CONTRACT_CHANGE" ? <ContractChange change={change} /> : null}
          {change.kind === "LIMIT_CHANGE" ? <LimitChange change={change} /> : null}
          {isOfSettlement(change) ? <SettlementChange change={change} /> : null}
          <History change={change} />
        </div>
        <Rail change={change} />
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

/** What became of it, once it is decided. */
function Outcome({ change }: { change: ChangeDetail }) {
  const { changeRequests, refusals } = useTexts();
  const words = changeRequests.detail;
  const language = useLanguage();
  switch (change.status) {
    case "APPROVED":
    case "RUNNING":
      // A new key waits for its maker; the section of the key says so.
      if (change.kind === "KEY_CHANGE") return null;
      return (
        <div role="status" className="max-w-140">
          <Note>{words.running}</Note>
        </div>
      );
    case "DONE":
      return (
        <p role="status" className="max-w-140 rounded-panel bg-ok-bg px-4 py-3 font-semibold">
          {change.kind === "CANCEL" && change.amountMinor !== null
            ? words.canceled(formatMoney(change.amountMinor, language))
            : change.kind === "WITHHOLD" && change.payload.does === "RELEASE"
              ? words.released
              : (words.doneOf[change.kind] ?? changeRequests.statuses.DONE)}
        </p>
      );
    case "REFUSED":
      return (
        <ErrorBlock title={words.refused} traceId={change.traceId}>
          {(refusals as Readonly<Record<string, string>>)[change.refusalCode ?? ""] ?? change.refusalCode}{" "}
          <code className="text-meta">{change.refusalCode}</code>
        </ErrorBlock>
      );
    case "WITHDRAWN": {
      const last = change.events.at(-1)?.kind;
      if (last !== "MAKER_DISABLED" && last !== "MAKER_DEMOTED" && last !== "OUTDATED") return null;
      return (
        <div className="max-w-140">
          <Note>{words.ended[last]}</Note>
        </div>
      );
    }
    default:
      return null;
  }
}

/** Who did what to the request, and what each version asked for. */
function History({ change }: { change: ChangeDetail }) {
  const { changeRequests } = useTexts();
  const words = changeRequests.detail;
  const language = useLanguage();
  const amountOf = (event: ChangeEvent) => readCancelPayload(event.payload).amountMinor;
  return (
    <section aria-labelledby="change-history">
      <SectionTitle id="change-history" remark={words.historyHint}>
        {words.history}
      </SectionTitle>
      <ol className="border-line border-t">
        {change.events.map((event) => {
          const before = change.events.findLast(({ version }) => version < event.version);
          const was = before ? amountOf(before) : null;
          const is = amountOf(event);
          return (
            <li
              key={String(event.id)}
              className="flex flex-wrap gap-x-4 gap-y-0.5 border-line border-b py-2 max-wide:flex-col"
            >
              <span className="w-28 shrink-0 text-ink-3">
                <DateTime at={event.at} />
              </span>
              <span className="min-w-0 flex-1">
                <b className="font-semibold">{changeRequests.events[event.kind]}</b>{" "}
                <span className="text-ink-3">
                  {event.actorId === "system" ? words.system : (event.actorName ?? event.actorId)} ·{" "}
                  {words.version(event.version)}
                </span>
                {event.kind === "EDITED" && was !== null && is !== null && was !== is ? (
                  <span className="block">
                    {words.changedAmount(formatMoney(was, language), formatMoney(is, language))}
                  </span>
                ) : null}
                {event.note ? (
                  <span className="block text-ink-2 [overflow-wrap:anywhere]">{event.note}</span>
                ) : null}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Rail({ change }: { change: ChangeDetail }) {
  const { changeRequests, common } = useTexts();
  const words = changeRequests.detail;
  const mayAudit = useMay("audit:read");
  const subjectName = useSubjectName()(change);
  const address = addressOf(change);
  const { taxFreeMinor, balanceMinor } = readCancelPayload(change.payload);
  const isWon = changeKinds[change.kind].unit === "won";
  const amountMinor = changeAmount(change);
  return (
    <aside className="border-line border-l px-6 pt-1 pb-8 max-wide:border-t max-wide:border-l-0 max-wide:px-4">
      <SectionTitle>{words.request}</SectionTitle>
      <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name={words.subject}>
          {address ? (
            <Link href={address} className="underline underline-offset-2">
              {subjectName}
            </Link>
          ) : (
            subjectName
          )}
        </Fact>
        {amountMinor === null ? null : (
          <Fact name={words.amount}>
            <Money amountMinor={amountMinor} className="font-semibold" />
          </Fact>
        )}
        {taxFreeMinor ? (
          <Fact name={words.taxFree}>
            <Money amountMinor={taxFreeMinor} />
          </Fact>
        ) : null}
        {balanceMinor === null ? null : (
          <Fact name={words.balanceThen}>
            <Money amountMinor={balanceMinor} />
          </Fact>
        )}
        <Fact name={words.reason}>{change.reason}</Fact>
        <Fact name={words.maker}>
          {change.makerName ?? change.makerId}{" "}
          <span className="text-ink-3">{common.role[change.makerRole]}</span>
        </Fact>
        <Fact name={words.limit}>
          {change.limitMax === null ? (
            words.limitNone
          ) : change.limitMax === 0n ? (
            changeRequests.policy.always
          ) : isWon ? (
            <Money amountMinor={change.limitMax} />
          ) : (
            change.limitMax.toLocaleString("en-US")
          )}
        </Fact>
        {isWon && change.amountMinor !== null && change.measured !== change.amountMinor ? (
          <Fact name={words.measured}>
            <Money amountMinor={change.measured} />
          </Fact>
        ) : null}
        <Fact name={words.madeAt}>
          <DateTime at={change.createdAt} format="full" />
        </Fact>
        {change.editedAt ? (
          <Fact name={words.editedAt}>
            <DateTime at={change.editedAt} format="full" />
          </Fact>
        ) : null}
        <Fact name={words.expiresAt}>
          <DateTime at={change.expiresAt} format="full" />
        </Fact>
      </dl>
      {change.decidedAt ? (
        <>
          <SectionTitle>{words.decision}</SectionTitle>
          <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
            <Fact name={words.checker}>{change.checkerName}</Fact>
            <Fact name={words.decidedAt}>
              <DateTime at={change.decidedAt} format="full" />
            </Fact>
            {change.decisionNote ? <Fact name={words.note}>{change.decisionNote}</Fact> : null}
          </dl>
        </>
      ) : null}
      <p className="mt-4 flex items-center gap-1 text-ink-3 text-meta">
        <span className="min-w-0 break-all font-mono">{change.id}</span>
        <CopyButton value={change.id} what="ID" />
      </p>
      {mayAudit ? (
        <Link
          href={`/audit?target=${change.id}`}
          className="mt-1 inline-flex min-h-6 items-center underline underline-offset-2"
        >
          {words.auditLink}
        </Link>
      ) : null}
    </aside>
  );
}

/** The page of what a change is about, where it has one. */
function addressOf({ kind, subjectId, payload }: ChangeDetail): string | null {
  if (subjectId.startsWith("stl_")) return `/settlements/${subjectId}`;
  switch (kind) {
    case "CANCEL":
      return `/payments/${subjectId}`;
    case "KEY_CHANGE":
    case "CONTRACT_CHANGE":
    case "WITHHOLD":
    case "ADJUSTMENT":
      return typeof payload.mallId === "string" ? `/malls/${payload.mallId}` : null;
    case "LIMIT_CHANGE":
      return "/change-requests/policy";
    default:
      return null;
  }
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
