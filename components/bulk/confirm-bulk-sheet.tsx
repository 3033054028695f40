"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
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

/** The last step of a bulk cancel: the reason, the number of payments typed once more, and the only red button. */
export function ConfirmBulkSheet({
  plan,
  source,
  requestKey,
  onClose,
}: {
  plan: Extract<BulkPreview, { kind: "planned" }>["plan"];
  source: BulkSource;
  requestKey: string;
  onClose: () => void;
}) {
  const { bulk, common } = useTexts();
  const words = bulk.confirm;
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
  const count = plan.counts.CANCEL;
  const countWord = bulk.count(count);
  const amountWord = formatMoney(plan.totals.amountMinor, language);
  const isTyped = readAmount(typed) === BigInt(count);
  const isLeaving = starting.isPending || starting.isSuccess;
  const code = refusalOf(starting.error)?.code;

  function submit(): void {
    setShowErrors(true);
    if (reason.trim() === "" || !isTyped) {
      // After the errors are shown, the first of them takes the focus.
      requestAnimationFrame(() =>
        document.getElementById(bodyId)?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
      );
      return;
    }
    starting.mutate({ source, reason: reason.trim(), seen: { digest: plan.digest, count }, requestKey });
  }

  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      locked={isLeaving}
      footer={
        <>
          <p className="w-full text-ink-3 text-meta">{words.footer}</p>
          <Button size="large" disabled={isLeaving} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="dangerSolid" size="large" className="flex-1" busy={isLeaving} onClick={submit}>
            {isLeaving ? words.sending : words.submit(countWord, amountWord)}
          </Button>
        </>
      }
    >
      <div id={bodyId} className="flex flex-col gap-3">
        {starting.error ? (
          <QueryError
            compact
            error={starting.error}
            title={code === undefined || code === "INTERNAL_ERROR" ? words.noAnswer : words.error}
          />
        ) : null}
        <p className="rounded-panel bg-sunken px-3 py-2 font-semibold">{words.lead(countWord, amountWord)}</p>
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
        <Field label={words.typed(count)} error={showErrors && !isTyped ? words.typedMismatch : undefined}>
          <Input
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Note>
          {words.pace(bulkRowsPerSecond)} {words.changed}
        </Note>
      </div>
    </Sheet>
  );
}
