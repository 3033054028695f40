"use client";

import { useQuery } from "@tanstack/react-query";
import { readCancelPayload } from "#components/change-requests/cancel-change.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { CancelSheet } from "#components/payments/cancel-sheet.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

/** The sheet of a cancel with what was asked for filled in; it writes the next version of the request. */
export default function EditCancelSheet({ change, onClose }: { change: ChangeDetail; onClose: () => void }) {
  const { changeRequests, payments } = useTexts();
  const trpc = useTRPC();
  const payment = useQuery(
    trpc.payment.detail.queryOptions({ paymentKey: change.subjectId }, { staleTime: 0 }),
  );
  if (payment.data) {
    const { amountMinor, taxFreeMinor } = readCancelPayload(change.payload);
    return (
      <CancelSheet
        open
        record={payment.data}
        onOpenChange={(open) => !open && onClose()}
        onChanged={() => undefined}
        editing={{
          requestId: change.id,
          version: change.version,
          amountMinor: amountMinor ?? 0n,
          taxFreeMinor: taxFreeMinor ?? 0n,
          reason: change.reason,
        }}
      />
    );
  }
  return payment.isError ? (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={changeRequests.cancel.editTitle}>
      <QueryError
        compact
        error={payment.error}
        title={payments.page.loadFailed}
        onRetry={() => void payment.refetch()}
        retrying={payment.isFetching}
      />
    </Sheet>
  ) : null;
}
