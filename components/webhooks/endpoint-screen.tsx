"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, KeyRound, SearchX, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { formatDuration, formatNumber, formatRate, formatSeoulTime } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs, PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { EndpointWish } from "#components/webhooks/endpoint-sheets.tsx";
import { RecentDeliveries } from "#components/webhooks/recent-deliveries.tsx";
import { EndpointBadge } from "#components/webhooks/webhook-badges.tsx";
import { WireErrorText } from "#components/wire-errors/wire-error-text.tsx";
import type { EndpointLine } from "#server/webhooks/endpoint-queries.ts";

const EndpointSheet = dynamic(
  () => import("#components/webhooks/endpoint-sheets.tsx").then((module) => module.EndpointSheet),
  { ssr: false },
);

const liveEveryMs = 5_000;
const failingFrom = 3;

/** One endpoint: how it answers, how it is set up, what it heard last, and what may be done to it. */
export function EndpointScreen({ endpointId }: { endpointId: string }) {
  const { webhooks } = useTexts();
  const words = webhooks.endpoint;
  const trpc = useTRPC();
  const [wish, setWish] = useState<EndpointWish | null>(null);
  const query = useQuery({
    ...trpc.webhook.endpoint.queryOptions({ id: endpointId }),
    refetchInterval: liveEveryMs,
  });
  const endpoint = query.data;
  const test = useTest(endpoint);
  if (!endpoint) {
    if (query.isError && ["NOT_FOUND", "INVALID_REQUEST"].includes(refusalOf(query.error)?.code ?? ""))
      return (
        <>
          <h1 className="sr-only">{words.notFound}</h1>
          <EmptyState
            icon={SearchX}
            title={words.notFound}
            action={
              <Link href="/webhooks/endpoints" className={buttonClasses()}>
                {webhooks.tabs.endpoints}
              </Link>
            }
          />
        </>
      );
    return (
      <div className="flex flex-col gap-4 p-6 max-wide:p-4">
        <h1 className="sr-only">{webhooks.tabs.endpoints}</h1>
        {query.isError ? (
          <QueryError
            error={query.error}
            title={webhooks.endpoints.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <>
            <Skeleton className="h-7 w-1/2" />
            <Skeleton className="h-24 w-full" />
            <Skeleton className="h-64 w-full" />
          </>
        )}
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Breadcrumbs
        crumbs={[
          { label: webhooks.title, href: "/webhooks" },
          { label: webhooks.tabs.endpoints, href: "/webhooks/endpoints" },
          { label: endpoint.mallName },
        ]}
      />
      <PageHeader
        title={words.titleOf(endpoint.mallName)}
        status={<EndpointBadge status={endpoint.status} size="large" />}
        actions={<Actions endpoint={endpoint} test={test} onWish={setWish} />}
      />
      <TestResult test={test} />
      <div className="flex flex-col px-6 pb-8 max-wide:px-4">
        <Remarks endpoint={endpoint} />
        <SectionTitle remark={words.healthRemark}>{words.health}</SectionTitle>
        <Health endpoint={endpoint} />
        <SectionTitle>{words.settings}</SectionTitle>
        <Settings endpoint={endpoint} onWish={setWish} />
        <SectionTitle
          action={
            <Link
              href={`/webhooks?endpoint=${endpoint.id}`}
              className="text-link underline underline-offset-2"
            >
              {words.allDeliveries}
            </Link>
          }
        >
          {words.recent}
        </SectionTitle>
        <RecentDeliveries endpointId={endpoint.id} />
      </div>
      {wish ? <EndpointSheet wish={wish} onClose={() => setWish(null)} /> : null}
    </div>
  );
}

function Actions({
  endpoint,
  test,
  onWish,
}: {
  endpoint: EndpointLine;
  test: Test;
  onWish: (wish: EndpointWish) => void;
}) {
  const { actions } = useTexts().webhooks.endpoint;
  const mayManage = useMay("webhook:manage");
  const mayTest = useMay("webhook:resend");
  if (endpoint.status === "DELETED") return null;
  const wish = (action: Exclude<EndpointWish["action"], "add">) => onWish({ action, endpoint });
  return (
    <>
      {mayManage ? (
        <>
          <Menu
            label={actions.more}
            align="end"
            className={buttonClasses("secondary", "icon")}
            entries={[
              { label: actions.rotate, icon: KeyRound, onSelect: () => wish("rotate") },
              "separator",
              { label: actions.delete, icon: Trash2, destructive: true, onSelect: () => wish("delete") },
            ]}
          >
            <Ellipsis aria-hidden className="size-4" strokeWidth={1.5} />
          </Menu>
          <Button onClick={() => wish(endpoint.status === "PAUSED" ? "resume" : "pause")}>
            {endpoint.status === "PAUSED" ? actions.resume : actions.pause}
          </Button>
          <Button onClick={() => wish("edit")}>{actions.edit}</Button>
        </>
      ) : null}
      {mayTest ? (
        <Button look="primary" busy={test.isPending} onClick={test.send}>
          {actions.test}
        </Button>
      ) : null}
    </>
  );
}

type Test = ReturnType<typeof useTest>;

/** Sends a test event to the endpoint, and what came of the last one. */
function useTest(endpoint: EndpointLine | undefined) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const test = useMutation(
    trpc.webhook.testEndpoint.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.webhook.endpoint.queryFilter()),
    }),
  );
  return {
    isPending: test.isPending,
    answer: test.data,
    error: test.error,
    send: () => endpoint && test.mutate({ mallId: endpoint.mallId, endpointId: endpoint.id }),
  };
}

/** What a test event met, below the buttons, which stay under the pointer. */
function TestResult({ test: { answer, error } }: { test: Test }) {
  const { webhooks } = useTexts();
  const language = useLanguage();
  return (
    <div
      className={classes(
        "px-6 pb-2 text-right max-wide:px-4 max-wide:text-left",
        !answer && !error && "sr-only",
      )}
    >
      <p role="status" className={classes(answer?.delivered ? "text-ok" : "text-bad")}>
        {answer
          ? answer.delivered
            ? webhooks.test.delivered(answer.status ?? 0, formatDuration(answer.durationMs, language))
            : webhooks.test.failed(answer.error ?? "")
          : null}
      </p>
      {answer ? <p className="text-ink-3 text-meta">{webhooks.test.hint}</p> : null}
      {error ? <QueryError error={error} title={webhooks.test.error} compact /> : null}
    </div>
  );
}

function Remarks({ endpoint }: { endpoint: EndpointLine }) {
  const { endpoint: words } = useTexts().webhooks;
  return (
    <div className="flex flex-col gap-2">
      {endpoint.status === "DELETED" ? <Note>{words.deletedTitle}</Note> : null}
      {endpoint.status === "PAUSED" ? (
        <Note tone="warn">
          <b className="font-semibold">{words.pausedTitle}</b>
          {endpoint.pausedByName ? (
            <p className="flex flex-wrap gap-x-2">
              <span>{endpoint.pausedReason}</span>
              <span className="text-ink-2">{words.pausedBy(endpoint.pausedByName)}</span>
              {endpoint.pausedAt ? <DateTime at={endpoint.pausedAt} format="full" /> : null}
            </p>
          ) : (
            <p>{words.pausedByItself}</p>
          )}
        </Note>
      ) : null}
      {endpoint.status === "ACTIVE" && endpoint.consecutiveFailures >= failingFrom ? (
        <Note tone="warn">{words.failing(endpoint.consecutiveFailures)}</Note>
      ) : null}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-3 text-meta">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function Health({ endpoint }: { endpoint: EndpointLine }) {
  const { endpoint: words } = useTexts().webhooks;
  const language = useLanguage();
  const { successRate, p50Ms, p95Ms, consecutiveFailures } = endpoint;
  const big = "font-semibold text-figure tabular-nums";
  return (
    <dl className="grid grid-cols-6 gap-x-4 gap-y-3 rounded-panel bg-sunken px-3 py-2.5 max-full:grid-cols-3 max-wide:grid-cols-2">
      <Fact name={words.facts.successRate}>
        {successRate === null ? (
          <span className="text-ink-3">{words.neverTried}</span>
        ) : (
          <>
            <span className={big}>{formatRate(successRate)}</span>
            <div className="text-ink-3 text-meta">{words.triesOf(endpoint.tries)}</div>
          </>
        )}
      </Fact>
      <Fact name={words.facts.latency}>
        {p50Ms === null || p95Ms === null ? (
          <DateTime at={null} />
        ) : (
          <span className="tabular-nums">
            {words.percentiles(formatDuration(p50Ms, language), formatDuration(p95Ms, language))}
          </span>
        )}
      </Fact>
      <Fact name={words.facts.consecutiveFailures}>
        <span className={classes(big, consecutiveFailures > 0 ? "text-bad" : "text-ink-3")}>
          {formatNumber(consecutiveFailures)}
        </span>
      </Fact>
      <Fact name={words.facts.lastFailure}>
        <DateTime at={endpoint.lastFailureAt} />
        {endpoint.lastFailure ? (
          <div className="text-ink-2 text-meta">
            <WireErrorText error={endpoint.lastFailure} />
          </div>
        ) : null}
      </Fact>
      <Fact name={words.facts.lastSuccess}>
        <DateTime at={endpoint.lastSuccessAt} />
      </Fact>
      <Fact name={words.facts.open}>
        <Link
          href={`/webhooks?endpoint=${endpoint.id}&state=waiting,retrying`}
          className={classes(big, "text-ink underline underline-offset-2")}
        >
          {formatNumber(endpoint.open)}
        </Link>
      </Fact>
    </dl>
  );
}

function Settings({ endpoint, onWish }: { endpoint: EndpointLine; onWish: (wish: EndpointWish) => void }) {
  const { webhooks } = useTexts();
  const words = webhooks.endpoint;
  const mayManage = useMay("webhook:manage");
  const { previousSecretExpiresAt: until } = endpoint;
  return (
    <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-x-3 gap-y-1.5 max-wide:grid-cols-[96px_minmax(0,1fr)]">
      <dt className="text-ink-3">{words.mall}</dt>
      <dd>{endpoint.mallName}</dd>
      <dt className="text-ink-3">{words.url}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <span className="min-w-0 [overflow-wrap:anywhere]">{endpoint.url}</span>
        <CopyButton value={endpoint.url} what={words.url} />
      </dd>
      <dt className="text-ink-3">{words.types}</dt>
      <dd>
        {endpoint.types.length === 0 ? (
          words.allTypes
        ) : (
          <ul lang="en" className="flex flex-wrap gap-x-3">
            {endpoint.types.map((type) => (
              <li key={type}>{type}</li>
            ))}
          </ul>
        )}
      </dd>
      <dt className="text-ink-3">{words.createdAt}</dt>
      <dd>
        <DateTime at={endpoint.createdAt} format="full" />
      </dd>
      <dt className="text-ink-3">{words.secret}</dt>
      <dd className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-ink-3">
          <span aria-hidden className="font-mono">
            whsec_••••••••
          </span>{" "}
          {words.secretHidden}
        </span>
        {until ? (
          <>
            <span className="text-warn">
              <TimeInText at={until} format={formatSeoulTime} say={words.overlap} />
            </span>
            {mayManage ? (
              <Button size="small" look="danger" onClick={() => onWish({ action: "endOverlap", endpoint })}>
                {words.endOverlap}
              </Button>
            ) : null}
          </>
        ) : null}
      </dd>
    </dl>
  );
}
