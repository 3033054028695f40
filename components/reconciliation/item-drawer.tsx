"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { isAcceptable, isAdjustable, isCancelable, itemName } from "#components/reconciliation/item-words.ts";
import { ClassBadge, ItemStateBadge } from "#components/reconciliation/recon-badges.tsx";
import { dayHref } from "#components/reconciliation/reconciliation-url.ts";
import type { useOwning } from "#components/reconciliation/use-owning.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** What is done about items in a sheet of its own. */
export type ItemAct = "note" | "accept" | "adjust" | "cancel";

type Acting = Readonly<{
  owning: ReturnType<typeof useOwning>;
  onAct: (act: ItemAct, item: ReconItemRow) => void;
}>;

const refreshEveryMs = 5_000;

/** One difference from the side of the list: what each side has, who has it in hand, and what may be done about it. */
export function ItemDrawer({ id, onClose, ...acting }: Acting & { id: string | null; onClose: () => void }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.item;
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.reconciliation.item.queryOptions({ itemId: id ?? "1" }),
    enabled: id !== null,
    refetchInterval: refreshEveryMs,
  });
  const item = id !== null && String(query.data?.id) === id ? query.data : undefined;
  const acts = useActs(item);
  return (
    <Drawer
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      title={
        item ? (
          <span className="flex min-w-0 items-center gap-2">
            <span className="min-w-0 truncate">{itemName(item)}</span>
            <ClassBadge item={item} />
          </span>
        ) : (
          words.title
        )
      }
      footer={item && acts.length > 0 ? <Actions item={item} acts={acts} onAct={acting.onAct} /> : undefined}
    >
      {item ? (
        <Body item={item} {...acting} />
      ) : query.isError ? (
        <QueryError
          compact
          error={query.error}
          title={words.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : (
        <>
          <Skeleton className="w-2/3" />
          <Skeleton className="h-28 w-full" />
          <Skeleton className="w-1/2" />
        </>
      )}
    </Drawer>
  );
}

function Body({ item, owning, onAct }: Acting & { item: ReconItemRow }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.item;
  const mayManage = useMay("reconciliation:manage") && !item.isDayClosed;
  return (
    <>
      <p>{reconciliation.reasons[item.reason]}</p>
      {item.closedResolution !== null ? (
        <Note tone="warn">
          {words.closedAs(
            item.vanDate ?? "",
            reconciliation.resolutions[item.closedResolution],
            item.closedByName ?? words.bySystem,
          )}{" "}
          {item.closedReason}
        </Note>
      ) : null}
      {item.reason === "LATE_APPROVAL" && item.state === "OPEN" ? <Note>{words.liveAtVan}</Note> : null}
      <Sides item={item} />
      <Decision item={item} />
      <section aria-labelledby="recon-owner">
        <SectionTitle id="recon-owner">{words.owner}</SectionTitle>
        <Owner item={item} owning={owning} mayManage={mayManage} />
      </section>
      <section aria-labelledby="recon-note">
        <SectionTitle
          id="recon-note"
          action={
            mayManage ? (
              <Button size="small" onClick={() => onAct("note", item)}>
                {item.note === null ? words.noteWrite : words.noteEdit}
              </Button>
            ) : undefined
          }
        >
          {words.note}
        </SectionTitle>
        {item.note === null ? (
          <p className="text-ink-3">{words.noNote}</p>
        ) : (
          <>
            <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{item.note}</p>
            <p className="text-ink-3 text-meta">
              {item.notedByName} · <DateTime at={item.notedAt} format="full" />
            </p>
          </>
        )}
      </section>
      <Facts item={item} />
    </>
  );
}

/** What each side has of the record, under one another. */
function Sides({ item }: { item: ReconItemRow }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.item;
  const sides = [
    [words.ours, item.oursMinor, item.oursDate],
    [words.van, item.vanMinor, item.vanDate],
    [words.paid, item.paidMinor, item.paidDate],
  ] as const;
  return (
    <table aria-label={words.sides} className="w-full border-line border-t tabular-nums">
      <thead className="text-ink-3 text-meta">
        <tr className="border-line border-b">
          <th scope="col" className="py-1.5 text-left font-normal">
            {words.side}
          </th>
          <th scope="col" className="py-1.5 text-left font-normal">
            {words.date}
          </th>
          <th scope="col" className="py-1.5 text-right font-normal">
            {words.amount}
          </th>
        </tr>
      </thead>
      <tbody>
        {sides.map(([name, amountMinor, date]) => (
          <tr key={name} className="border-line border-b">
            <th scope="row" className="py-1.5 text-left font-normal text-ink-2">
              {name}
            </th>
            <td className={date !== null && date !== item.businessDate ? "text-warn" : undefined}>
              {amountMinor === null ? null : date}
            </td>
            <td className="text-right">
              {amountMinor === null ? (
                <span className="text-ink-3">{reconciliation.items.sideMissing}</span>
              ) : (
                <Money bare amountMinor={amountMinor} />
              )}
            </td>
          </tr>
        ))}
        {item.feeMinor === null ? null : (
          <tr className="border-line border-b">
            <th scope="row" className="py-1.5 text-left font-normal text-ink-2">
              {words.fee}
            </th>
            <td className="text-ink-3">
              {item.feeExpectedMinor === null || item.feeExpectedMinor === item.feeMinor ? null : (
                <FeeDue amountMinor={item.feeExpectedMinor} />
              )}
            </td>
            <td className="text-right">
              <Money bare amountMinor={item.feeMinor} />
            </td>
          </tr>
        )}
        <tr className="font-semibold">
          <th scope="row" className="py-1.5 text-left">
            {words.risk}
          </th>
          <td />
          <td className="text-right">
            <Money bare amountMinor={item.riskMinor} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function FeeDue({ amountMinor }: { amountMinor: bigint }) {
  const words = useTexts().reconciliation.item;
  return (
    <>
      {words.feeExpected} <Money bare amountMinor={amountMinor} className="text-warn" />
    </>
  );
}

function Decision({ item }: { item: ReconItemRow }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.item;
  const maySeeRequests = useMay("change-request:read");
  return (
    <section aria-labelledby="recon-decision">
      <SectionTitle id="recon-decision">{words.decision}</SectionTitle>
      <p className="flex flex-wrap items-center gap-x-2">
        <ItemStateBadge state={item.state} />
        {item.state === "WAITING" ? <span>{words.waits}</span> : null}
        {item.resolution === null ? null : (
          <span>
            {words.decided(
              reconciliation.resolutions[item.resolution],
              item.explainedByName ?? words.bySystem,
            )}
          </span>
        )}
        {item.explainedAt ? <DateTime at={item.explainedAt} format="full" className="text-ink-3" /> : null}
        {item.changeRequestId && maySeeRequests ? (
          <Link
            href={`/change-requests/${item.changeRequestId}`}
            className="text-link underline underline-offset-2"
          >
            {words.seeRequest}
          </Link>
        ) : null}
      </p>
      {item.resolutionReason ? (
        <p className="text-ink-2 [overflow-wrap:anywhere]">{item.resolutionReason}</p>
      ) : null}
      {item.isDayClosed ? <p className="text-ink-3">{words.closedDay}</p> : null}
    </section>
  );
}

function Owner({
  item,
  owning,
  mayManage,
}: Pick<Acting, "owning"> & { item: ReconItemRow; mayManage: boolean }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.item;
  const me = useOperator();
  const isMine = item.ownerId === me.id;
  return (
    <>
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <span className={item.ownerId === null ? "text-ink-3" : "font-semibold"}>
          {item.ownerId === null ? words.nobody : isMine ? words.me : item.ownerName}
        </span>
        {mayManage ? (
          isMine ? (
            <Button size="small" busy={owning.isBusy} onClick={() => owning.release(item)}>
              {words.release}
            </Button>
          ) : (
            <Button size="small" busy={owning.isBusy} onClick={() => owning.take([item])}>
              {item.ownerId === null ? reconciliation.items.take : words.takeOver}
            </Button>
          )
        ) : null}
      </div>
      {owning.error ? <QueryError compact error={owning.error} title={words.assignFailed} /> : null}
    </>
  );
}

function Facts({ item }: { item: ReconItemRow }) {
  const { reconciliation } = useTexts();
  const words = reconciliation.item;
  const link = "text-link underline underline-offset-2";
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.kind, reconciliation.recordKinds[item.kind]],
    [
      words.traceNo,
      <span key="trace" className="flex items-center gap-1">
        <span className="break-all font-mono text-meta">{item.traceNo}</span>
        <CopyButton value={item.traceNo} what={words.traceNo} />
      </span>,
    ],
    [words.order, item.orderId ?? <Money key="none" amountMinor={null} />],
    [words.mall, item.mallName ?? item.mallId ?? <Money key="none" amountMinor={null} />],
    [
      words.day,
      <Link key="day" href={dayHref(item)} className={link}>
        {words.toDay(item.businessDate, item.vanCode)}
      </Link>,
    ],
    [words.found, <DateTime key="found" at={item.foundAt} format="full" />],
  ];
  return (
    <section aria-labelledby="recon-facts">
      <SectionTitle
        id="recon-facts"
        action={
          item.paymentId ? (
            <Link href={`/payments/${item.paymentId}`} className={link}>
              {words.payment}
            </Link>
          ) : undefined
        }
      >
        {words.facts}
      </SectionTitle>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-center gap-y-1">
        {facts.map(([name, value]) => (
          <div key={name} className="col-span-2 grid min-h-6 grid-cols-subgrid items-center">
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0 break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What this person may do about it; nothing of it happens before its own sheet was seen. */
function useActs(item: ReconItemRow | undefined): readonly ItemAct[] {
  const mayAccept = useMay("reconciliation:manage");
  const mayAdjust = useMay("settlement:manage");
  const mayCancel = useMay("payment:cancel");
  if (!item) return [];
  return [
    ...(mayCancel && isCancelable(item) ? (["cancel"] as const) : []),
    ...(mayAdjust && isAdjustable(item) ? (["adjust"] as const) : []),
    ...(mayAccept && isAcceptable(item) ? (["accept"] as const) : []),
  ];
}

function Actions({
  item,
  acts,
  onAct,
}: Pick<Acting, "onAct"> & { item: ReconItemRow; acts: readonly ItemAct[] }) {
  const words = useTexts().reconciliation.item;
  const looks = { cancel: "danger", adjust: "secondary", accept: "primary", note: "secondary" } as const;
  return acts.map((act) => (
    <Button
      key={act}
      look={looks[act]}
      className={act === "accept" ? "ml-auto" : undefined}
      onClick={() => onAct(act, item)}
    >
      {words[act]}
    </Button>
  ));
}
