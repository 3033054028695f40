"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import type { LimitWish } from "#components/change-requests/limit-sheet.tsx";
import { useSaidLimit } from "#components/change-requests/said-limit.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Breadcrumbs, PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { PolicyKind, PolicyLimit } from "#server/change-requests/change-request-queries.ts";

const LimitSheet = dynamic(() => import("#components/change-requests/limit-sheet.tsx"), { ssr: false });

const waitingEveryMs = 5_000;

type LimitKey = Readonly<{ kind: PolicyKind["kind"]; role: PolicyLimit["role"] }>;

/** A limit as it is now, so that what is said of a change follows what somebody else does meanwhile. */
function limitOf(policy: readonly PolicyKind[] | undefined, { kind, role }: LimitKey): LimitWish | null {
  const found = policy?.find((one) => one.kind === kind);
  const limit = found?.limits.find((one) => one.role === role);
  return found && limit ? { kind, unit: found.unit, limit } : null;
}

/** How far each role acts alone, kind by kind, and what waits to loosen it; an administrator changes it. */
export function PolicyScreen() {
  const { changeRequests } = useTexts();
  const words = changeRequests.policy;
  const trpc = useTRPC();
  const policy = useQuery(
    trpc.changeRequest.policy.queryOptions(undefined, {
      refetchInterval: ({ state }) =>
        state.data?.some(({ limits }) => limits.some(({ waiting }) => waiting)) ? waitingEveryMs : false,
    }),
  );
  const [wished, setWished] = useState<LimitKey | null>(null);
  const wish = wished && limitOf(policy.data, wished);
  return (
    <div className="flex flex-1 flex-col">
      <Breadcrumbs
        crumbs={[{ label: changeRequests.title, href: "/change-requests" }, { label: words.title }]}
      />
      <PageHeader title={words.title} />
      <div className="max-w-200 px-6 pb-8 max-wide:px-4">
        <p className="pb-3 text-ink-2">{words.lead}</p>
        {policy.isError && !policy.data ? (
          <QueryError
            error={policy.error}
            title={words.loadFailed}
            onRetry={() => void policy.refetch()}
            retrying={policy.isFetching}
          />
        ) : policy.data ? (
          <ul aria-label={words.caption} className="border-line border-t">
            {policy.data.map((kind) => (
              <li
                key={kind.kind}
                className="grid grid-cols-[200px_minmax(0,1fr)] gap-x-4 gap-y-1 border-line border-b py-3 max-wide:grid-cols-1"
              >
                <h2 className="font-semibold">
                  {changeRequests.kinds[kind.kind]}
                  {kind.isInUse ? null : (
                    <span className="block font-normal text-ink-3 text-meta">{words.notInUse}</span>
                  )}
                </h2>
                <ul className="flex flex-col gap-1">
                  {kind.limits.map((limit) => (
                    <Limit key={limit.role} kind={kind} limit={limit} onChange={setWished} />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        ) : (
          <div className="flex flex-col gap-6 pt-3">
            {["a", "b", "c", "d", "e"].map((row) => (
              <Skeleton key={row} className="h-8 w-full" />
            ))}
          </div>
        )}
      </div>
      {wish ? <LimitSheet wish={wish} onClose={() => setWished(null)} /> : null}
    </div>
  );
}

function Limit({
  kind,
  limit,
  onChange,
}: {
  kind: PolicyKind;
  limit: PolicyLimit;
  onChange: (key: LimitKey) => void;
}) {
  const { changeRequests, common } = useTexts();
  const words = changeRequests.policy;
  const said = useSaidLimit();
  const mayChange = useMay("approval-limit:change");
  const role = common.role[limit.role];
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3">
      <span className="w-16 shrink-0 text-ink-2">{role}</span>
      <span className="min-w-0 flex-1">
        <b className="font-semibold">{said(kind.unit, limit.limitMax)}</b>{" "}
        <span className="text-ink-3 text-meta">
          {kind.isFixed
            ? words.isFixed
            : limit.isDefault
              ? words.isDefault
              : limit.updatedByName
                ? words.by(limit.updatedByName)
                : null}
        </span>
        {limit.waiting ? (
          <span className="block text-ink-2 text-meta">
            {words.waiting(said(kind.unit, limit.waiting.limitMax), limit.waiting.makerName ?? "")}{" "}
            <Link
              href={`/change-requests/${limit.waiting.requestId}`}
              aria-label={words.seeWaiting(changeRequests.kinds[kind.kind], role)}
              className="inline-flex min-h-6 items-center underline underline-offset-2"
            >
              {changeRequests.cancel.see}
            </Link>
          </span>
        ) : null}
      </span>
      {mayChange && !kind.isFixed ? (
        <Button
          size="small"
          aria-label={words.changeOf(changeRequests.kinds[kind.kind], role)}
          onClick={() => onChange({ kind: kind.kind, role: limit.role })}
        >
          {words.change}
        </Button>
      ) : null}
    </li>
  );
}
