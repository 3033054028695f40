"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BeforeAfter, type Difference } from "#components/change-requests/before-after.tsx";
import { useSaidLimit } from "#components/change-requests/said-limit.ts";
import { formatDay, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { CancelFacts } from "#components/payments/cancel-facts.tsx";
import { CancelPreviewTable } from "#components/payments/cancel-preview.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { Note } from "#components/ui/note.tsx";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";
import type {
  CancelChangePreview as PreviewOfChange,
  SeenCancel,
} from "#server/payments/preview-cancel-change.ts";

type Preview = PreviewOfChange["preview"];

/** What a request for a cancel carries, as the screen needs it; amounts are stored as digits. */
export function readCancelPayload(payload: ChangeDetail["payload"]) {
  const amountOf = (value: unknown) =>
    typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : null;
  return {
    amountMinor: amountOf(payload.amountMinor),
    taxFreeMinor: amountOf(payload.taxFreeMinor),
    balanceMinor: amountOf(payload.balanceMinor),
  };
}

const previewEveryMs = 5_000;

/**
 * What approving a cancel would do, by the facts its maker had, computed on the payment as it is now; and what of them is
 * different from what the maker saw.
 */
export function CancelChangePreview({ change }: { change: ChangeDetail }) {
  const { changeRequests, common, payments, refusals } = useTexts();
  const words = changeRequests.detail;
  const language = useLanguage();
  const money = (amountMinor: bigint) => formatMoney(amountMinor, language);
  const trpc = useTRPC();
  const { balanceMinor } = readCancelPayload(change.payload);
  const preview = useQuery(
    trpc.payment.previewCancelChange.queryOptions(
      { requestId: change.id, version: change.version },
      { staleTime: 0, refetchInterval: previewEveryMs, placeholderData: keepPreviousData },
    ),
  );
  const shown = preview.data?.preview;
  // After an edit the amount above is another one than the one this was computed for, until the next answer.
  const isCurrent = shown !== undefined && preview.data?.version === change.version;
  const isStale = isCurrent && balanceMinor !== null && shown.now.balanceMinor !== balanceMinor;
  const role = common.role[change.makerRole];
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview">{words.preview}</SectionTitle>
      <div className="flex max-w-140 flex-col gap-3">
        {isStale ? (
          <Note tone="warn">{words.stale(money(balanceMinor), money(shown.now.balanceMinor))}</Note>
        ) : isCurrent && shown.refusal ? (
          <Note tone="warn">
            <p className="font-semibold">{words.previewRefused}</p>
            <p>
              {payments.page.whyNot[shown.refusal.code] ?? refusals[shown.refusal.code] ?? shown.refusal.code}
            </p>
          </Note>
        ) : null}
        {preview.isError && !shown ? (
          <QueryError
            compact
            error={preview.error}
            title={words.previewFailed}
            onRetry={() => void preview.refetch()}
            retrying={preview.isFetching}
          />
        ) : (
          <CancelPreviewTable preview={shown} current={isCurrent} />
        )}
        {isCurrent && preview.data?.seen ? (
          <SeenDifferences {...preview.data} seen={preview.data.seen} />
        ) : null}
        {/* As high as its lines mostly are, from the start: what is below stays where it is. */}
        <div className="flex min-h-46 flex-col gap-3 max-wide:min-h-72">
          {shown ? (
            <>
              <CancelFacts preview={shown} stage="deciding" current={isCurrent} />
              {shown.approval.limitMinor === null || !shown.approval.isNeeded ? (
                <Note>{words.withinLimit(role)}</Note>
              ) : (
                <Note>
                  {words.makerLimit(role, money(shown.approval.limitMinor))}
                  {shown.approval.usedMinor > 0n
                    ? ` ${words.makerUsed(money(shown.approval.usedMinor))}`
                    : null}
                </Note>
              )}
            </>
          ) : null}
        </div>
      </div>
    </section>
  );
}

/** What is no longer as the maker saw it, line by line; nothing when all of it is. */
function SeenDifferences({ preview, seen }: { preview: Preview; seen: SeenCancel }) {
  const words = useTexts().changeRequests.detail.seen;
  const language = useLanguage();
  const said = useSaidLimit();
  const money = (amountMinor: bigint) => formatMoney(amountMinor, language);
  const day = (date: string) => formatDay(new Date(`${date}T00:00:00+09:00`), language);
  const { acquisition, settlement, settled, cancelable, approval } = preview;
  const effect = (of: SeenCancel["settlement"]) => (of ? words.effects[of.kind](day(of.date)) : "–");
  const until = (at: Date | null) => (at ? seoulDate(at) : "–");
  // What would be refused takes nothing from a settlement: there is nothing to compare.
  const isPossible = preview.change !== null;
  const rows: readonly Difference[] = [
    { name: words.balance, before: money(seen.balanceMinor), after: money(preview.now.balanceMinor) },
    {
      name: words.acquisition,
      before: seen.isAcquired ? words.acquired : words.notAcquired,
      after: acquisition?.isAcquired ? words.acquired : words.notAcquired,
    },
    ...(isPossible
      ? [{ name: words.settlement, before: effect(seen.settlement), after: effect(settlement) }]
      : []),
    ...(isPossible && (seen.settled || settled)
      ? [
          { name: words.feeBack, before: feeBackOf(seen.settled), after: feeBackOf(settled?.change) },
          { name: words.net, before: netOf(seen.settled), after: netOf(settled?.change) },
        ]
      : []),
    {
      name: words.until,
      before: until(seen.until === null ? null : new Date(seen.until)),
      after: until(cancelable.until ?? null),
    },
    { name: words.limit, before: said("won", seen.limitMinor), after: said("won", approval.limitMinor) },
  ];
  const differing = rows.filter(({ before, after }) => before !== after);
  if (differing.length === 0) return null;
  return (
    <BeforeAfter
      caption={words.caption}
      columns={{ before: words.requested, after: words.now }}
      rows={differing}
    />
  );

  type Taken = Readonly<{ feeMinor: bigint; feeVatMinor: bigint; netMinor: bigint }>;
  function feeBackOf(taken: Taken | null | undefined): string {
    return taken ? money(-taken.feeMinor - taken.feeVatMinor) : "–";
  }
  function netOf(taken: Taken | null | undefined): string {
    return taken ? money(taken.netMinor) : "–";
  }
}
