"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX, Webhook } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import { formatNumber, formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { AddressesPanel } from "#components/malls/addresses-panel.tsx";
import { ContractsPanel } from "#components/malls/contracts-panel.tsx";
import { KeysPanel } from "#components/malls/keys-panel.tsx";
import { MallStatusBadge } from "#components/malls/mall-status.tsx";
import { todayUrl } from "#components/malls/today-url.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TabPanel, Tabs } from "#components/ui/tabs.tsx";
import type { MallRecord } from "#server/malls/mall-queries.ts";

const SwitchMallSheet = dynamic(
  () => import("#components/malls/switch-mall-sheet.tsx").then((module) => module.SwitchMallSheet),
  { ssr: false },
);

const tabIds = ["contracts", "keys", "addresses", "webhooks"] as const;
type TabId = (typeof tabIds)[number];

/** The page of one mall: whether it takes payments, and what was agreed and set for it. */
export function MallScreen({ mallId }: { mallId: string }) {
  const { malls, common } = useTexts();
  const words = malls.page;
  const trpc = useTRPC();
  const query = useQuery(trpc.mall.read.queryOptions({ mallId }, { staleTime: 0 }));
  if (query.data) return <LoadedMall mall={query.data} />;
  if (query.isError && refusalOf(query.error)?.code === "NOT_FOUND") {
    return (
      <>
        <h1 className="sr-only">{words.notFound}</h1>
        <EmptyState
          icon={SearchX}
          title={words.notFound}
          action={
            <Link href="/malls" className={buttonClasses()}>
              {words.toList}
            </Link>
          }
        >
          {words.notFoundHint}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <Breadcrumbs crumbs={[{ label: malls.title, href: "/malls" }, { label: mallId }]} />
      {query.isError ? (
        <div className="p-6 max-wide:p-4">
          <h1 className="sr-only">{malls.error}</h1>
          <QueryError
            error={query.error}
            title={malls.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : (
        <div className="px-6 pt-3 max-wide:px-4">
          <span role="status" className="sr-only">
            {common.loading}
          </span>
          <Skeleton className="h-7 w-52" />
          <Skeleton className="mt-3 w-72" />
          <Skeleton className="mt-8 h-14 w-full max-w-160" />
          <Skeleton className="mt-6 h-40 w-full" />
        </div>
      )}
    </>
  );
}

function LoadedMall({ mall }: { mall: MallRecord }) {
  const { malls } = useTexts();
  const words = malls.page;
  const mayManage = useMay("mall:manage");
  const mayAudit = useMay("audit:read");
  const [switching, setSwitching] = useState<"suspend" | "resume" | null>(null);
  const { suspension } = mall;
  return (
    <div className="flex flex-1 flex-col">
      <Breadcrumbs crumbs={[{ label: malls.title, href: "/malls" }, { label: mall.name }]} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-6 pt-1 max-wide:px-4">
        <h1 className="font-bold text-title">{mall.name}</h1>
        <MallStatusBadge status={mall.status} size="large" />
        <div className="ml-auto flex flex-wrap gap-2 max-wide:ml-0 max-wide:w-full">
          <Link href={todayUrl(mall.id)} className={buttonClasses()}>
            {words.payments}
          </Link>
          {mayAudit ? (
            <Link href={`/audit?target=${mall.id}`} className={buttonClasses()}>
              {words.audit}
            </Link>
          ) : null}
          {mayManage ? (
            mall.status === "ACTIVE" ? (
              <Button look="danger" onClick={() => setSwitching("suspend")}>
                {malls.suspend.open}
              </Button>
            ) : (
              <Button look="primary" onClick={() => setSwitching("resume")}>
                {malls.resume.open}
              </Button>
            )
          ) : null}
        </div>
      </div>
      <div className="flex items-center gap-1.5 border-line border-b px-6 pt-0.5 pb-3.5 text-ink-3 max-wide:px-4">
        <span className="min-w-0 overflow-hidden text-ellipsis font-mono text-meta">{mall.id}</span>
        <CopyButton value={mall.id} what={words.id} />
      </div>
      <div className="min-w-0 px-6 pt-4 pb-6 max-wide:px-4">
        {suspension ? (
          <div className="pb-4">
            <Note tone="warn">
              <p className="font-semibold">{words.suspendedTitle}</p>
              <p>
                <TimeInText
                  at={suspension.at}
                  format={formatSeoulTime}
                  say={(at) => words.suspendedBody(suspension.byName, at, suspension.reason)}
                />
              </p>
            </Note>
          </div>
        ) : null}
        <Strip mall={mall} />
        <Sections mall={mall} />
      </div>
      {switching ? (
        <SwitchMallSheet mall={mall} action={switching} onClose={() => setSwitching(null)} />
      ) : null}
    </div>
  );
}

function Strip({ mall }: { mall: MallRecord }) {
  const { strip } = useTexts().malls.page;
  const cells: readonly (readonly [string, ReactNode])[] = [
    [strip.approvals, formatNumber(mall.approvedTodayCount)],
    [strip.amount, <Money key="amount" bare amountMinor={mall.approvedTodayMinor} />],
    [strip.routes, mall.routes.map(({ vanCode, weight }) => `${vanCode} ${weight}`).join(" · ") || "–"],
    [strip.businessNumber, mall.businessNumber],
    [strip.registered, formatSeoulTime(mall.createdAt).slice(0, 10)],
  ];
  return (
    <dl className="flex flex-wrap overflow-hidden rounded-panel border border-line max-wide:grid max-wide:grid-cols-2">
      {cells.map(([name, value]) => (
        <div
          key={name}
          className="-mb-px border-line border-r border-b py-2 pr-5 pl-3.5 last:flex-1 last:border-r-0 max-wide:nth-[2n]:border-r-0"
        >
          <dt className="whitespace-nowrap text-ink-3 text-meta">{name}</dt>
          <dd className="whitespace-nowrap font-semibold text-figure">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sections({ mall }: { mall: MallRecord }) {
  const { page: words } = useTexts().malls;
  const router = useRouter();
  const pathname = usePathname();
  const wanted = useSearchParams().get("tab");
  const tab: TabId = tabIds.find((id) => id === wanted) ?? "contracts";
  const counts: Readonly<Record<TabId, number>> = {
    contracts: mall.counts.contracts,
    keys: mall.counts.workingKeys,
    addresses: mall.counts.addressRanges,
    webhooks: mall.counts.endpoints,
  };
  const panels: Readonly<Record<TabId, () => ReactNode>> = {
    contracts: () => <ContractsPanel mallId={mall.id} />,
    keys: () => <KeysPanel mallId={mall.id} />,
    addresses: () => <AddressesPanel mallId={mall.id} />,
    webhooks: () => (
      <EmptyState
        icon={Webhook}
        title={words.webhooks}
        action={
          <span className="flex flex-wrap justify-center gap-2">
            <Link href={`/webhooks/endpoints?mall=${mall.id}`} className={buttonClasses()}>
              {words.endpointsOpen}
            </Link>
            <Link href={`/webhooks?mall=${mall.id}`} className={buttonClasses()}>
              {words.webhooksOpen}
            </Link>
          </span>
        }
      >
        {words.webhooksBody(mall.counts.endpoints)}
      </EmptyState>
    ),
  };
  return (
    <div className="mt-3.5">
      <Tabs
        label={words.sections}
        tabs={tabIds.map((id) => ({ id, label: words.tabs[id], count: counts[id] }))}
        value={tab}
        onChange={(id) =>
          router.replace(id === "contracts" ? pathname : `${pathname}?tab=${id}`, { scroll: false })
        }
      >
        {tabIds.map((id) => (
          <TabPanel key={id} id={id}>
            {id === tab ? panels[id]() : null}
          </TabPanel>
        ))}
      </Tabs>
    </div>
  );
}
