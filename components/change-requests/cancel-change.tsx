"use client";

import { useQuery } from "@tanstack/react-query";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { CancelPreviewTable } from "#components/payments/cancel-preview.tsx";
import { Note } from "#components/ui/note.tsx";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

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

/** What approving a cancel would do, computed on the payment as it is now, and whether that is still what was asked for. */
export function CancelChangePreview({ change }: { change: ChangeDetail }) {
  const { changeRequests, payments, refusals } = useTexts();
  const words = changeRequests.detail;
  const language = useLanguage();
  const trpc = useTRPC();
  const { amountMinor, taxFreeMinor, balanceMinor } = readCancelPayload(change.payload);
  const preview = useQuery(
    trpc.payment.previewCancel.queryOptions(
      {
        paymentKey: change.subjectId,
        amountMinor: String(amountMinor ?? 0n),
        taxFreeMinor: String(taxFreeMinor ?? 0n),
      },
      { staleTime: 0, refetchInterval: previewEveryMs },
    ),
  );
  const shown = preview.data;
  const isStale = shown !== undefined && balanceMinor !== null && shown.now.balanceMinor !== balanceMinor;
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview">{words.preview}</SectionTitle>
      <div className="flex max-w-140 flex-col gap-3">
        {isStale ? (
          <Note tone="warn">
            {words.stale(formatMoney(balanceMinor, language), formatMoney(shown.now.balanceMinor, language))}
          </Note>
        ) : shown?.refusal ? (
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
          <CancelPreviewTable preview={shown} current={shown !== undefined} />
        )}
      </div>
    </section>
  );
}
