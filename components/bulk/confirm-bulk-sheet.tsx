"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { RequestedNote } from "#components/change-requests/requested-note.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input, readAmount } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { bulkReasonMax, bulkRowsPerSecond } from "#server/bulk/bulk.values.ts";
import type { BulkSource } from "#server/bulk/bulk-cancel.schemas.ts";
import type { BulkPreview } from "#server/bulk/preview-bulk-cancel.ts";
import type { BulkApproval } from "#server/bulk/preview-operator-bulk-cancel.ts";
import { typedBecause } from "#server/payments/payment-search.values.ts";

/**
 * The last step of a bulk cancel: the reason, for much money or many payments their number typed once more, and the only red button. Above the
 * limit of one person the button asks for approval instead.
 */
export function ConfirmBulkSheet({
  plan,
  approval,
  source,
  requestKey,
  onClose,
}: {
  plan: Extract<BulkPreview, { kind: "planned" }>["plan"];
  approval: BulkApproval;
  source: BulkSource;
  requestKey: string;
  onClose: () => void;
}) {
  const { bulk, changeRequests, common } = useTexts();
  const words = bulk.confirm;
  const asking = changeRequests.bulkCancel;
  const language = useLanguage();
  const trpc = useTRPC();
  const router = useRouter();
  const bodyId = useId();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [showErrors, setShowErrors] = useState(false);
  const starting = useMutation(
    trpc.bulkCancel.start.mutationOptions({ onSuccess: ({ runId }) => router.push(`/bulk/${runId}`) }),
  );
  const requesting = useMutation(trpc.bulkCancel.request.mutationOptions());
  const { isNeeded } = approval;
  const count = plan.counts.CANCEL;
  const countWord = bulk.count(count);
  const amountWord = formatMoney(plan.totals.amountMinor, language);
  const needsTyping =
    !isNeeded &&
    typedBecause({ amountMinor: plan.totals.amountMinor, limitMinor: approval.limitMinor, count }) !== null;
  const isTyped = readAmount(typed) === BigInt(count);
  const isLeaving = starting.isPending || starting.isSuccess || requesting.isPending;
  const error = starting.error ?? requesting.error;
  const code = refusalOf(error)?.code;
  const isUnanswered = code === undefined || code === "INTERNAL_ERROR";
  const requestId = requesting.data?.requestId;

  function submit(): void {
    setShowErrors(true);
    // Whoever approves sees it again; nothing moves by asking.
    if (reason.trim() === "" || (needsTyping && !isTyped)) {
      // After the errors are shown, the first of them takes the focus.
      requestAnimationFrame(() =>
        document.getElementById(bodyId)?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
      );
      return;
    }
    const order = { source, reason: reason.trim(), seen: { digest: plan.digest, count }, requestKey };
    if (isNeeded) requesting.mutate(order);
    else starting.mutate(order);
  }

  if (requestId)
    return (
      <Sheet
        open
        onOpenChange={(open) => !open && onClose()}
        title={asking.sheetTitle}
        footer={
          <Button size="large" className="flex-1" onClick={onClose}>
            {common.close}
          </Button>
        }
      >
        <RequestedNote requestId={requestId}>{asking.doneBody}</RequestedNote>
      </Sheet>
    );

  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={isNeeded ? asking.sheetTitle : words.title}
      locked={isLeaving}
      footer={
        <>
          <p className="w-full text-ink-3 text-meta">
            {isNeeded ? changeRequests.cancel.footer : words.footer}
          </p>
          <Button size="large" disabled={isLeaving} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look={isNeeded ? "primary" : "dangerSolid"}
            size="large"
            className="flex-1"
            busy={isLeaving}
            onClick={submit}
          >
            {isNeeded
              ? isLeaving
                ? changeRequests.cancel.sending
                : asking.submit(countWord, amountWord)
              : isLeaving
                ? words.sending
                : words.submit(countWord, amountWord)}
          </Button>
        </>
      }
    >
      <div id={bodyId} className="flex flex-col gap-3">
        {error ? (
          <QueryError
            compact
            error={error}
            title={
              isNeeded
                ? isUnanswered
                  ? asking.noAnswer
                  : asking.error
                : isUnanswered
                  ? words.noAnswer
                  : words.error
            }
          />
        ) : null}
        <p className="rounded-panel bg-sunken px-3 py-2 font-semibold">{words.lead(countWord, amountWord)}</p>
        {isNeeded && approval.limitMinor !== null ? (
          <Note>
            {asking.needed(formatMoney(approval.limitMinor, language))}
            {approval.usedMinor > 0n ? ` ${asking.used(formatMoney(approval.usedMinor, language))}` : null}
          </Note>
        ) : null}
        <Field
          label={words.reason}
          hint={words.reasonHint}
          error={showErrors && reason.trim() === "" ? words.reasonMissing : undefined}
        >
          <Input
            value={reason}
            maxLength={bulkReasonMax}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {needsTyping ? (
          <Field label={words.typed(count)} error={showErrors && !isTyped ? words.typedMismatch : undefined}>
            <Input
              value={typed}
              inputMode="numeric"
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        ) : null}
        <Note>
          {isNeeded ? asking.frozen : words.pace(bulkRowsPerSecond)} {words.changed}
        </Note>
      </div>
    </Sheet>
  );
}
