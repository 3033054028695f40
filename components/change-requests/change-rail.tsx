"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { readCancelPayload } from "#components/change-requests/cancel-change.tsx";
import { changeAmount } from "#components/change-requests/change-name.ts";
import { useSubjectName } from "#components/change-requests/subject-name.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { changeKinds } from "#server/change-requests/change-kinds.values.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

/** The facts of a request beside it: what it is about, who asks for it and who decided. */
export function ChangeRail({ change }: { change: ChangeDetail }) {
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
