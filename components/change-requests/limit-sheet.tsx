"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRef, useState } from "react";
import { RequestedNote } from "#components/change-requests/requested-note.tsx";
import { useSaidLimit } from "#components/change-requests/said-limit.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { AmountInput, Field, Input, RadioCards, readAmount, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import {
  type ChangeKind,
  changeReasonMax,
  isLooser,
  type LimitUnit,
} from "#server/change-requests/change-kinds.values.ts";
import type { PolicyLimit } from "#server/change-requests/change-request-queries.ts";

/** A limit that somebody is about to change. */
export type LimitWish = Readonly<{ kind: ChangeKind; unit: LimitUnit; limit: PolicyLimit }>;

const limitMost = 9_999_999_999_999n;

/** Changes how far a role acts alone in a kind: less at once, more once another administrator approves. */
export default function LimitSheet({ wish, onClose }: { wish: LimitWish; onClose: () => void }) {
  const { changeRequests, common } = useTexts();
  const words = changeRequests.policy;
  const said = useSaidLimit();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { kind, unit, limit } = wish;
  const [scope, setScope] = useState<"limit" | "none">(limit.limitMax === null ? "none" : "limit");
  const [text, setText] = useState((limit.limitMax ?? 0n).toLocaleString("en-US"));
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const amount = readAmount(text);
  /** Undefined while what is typed is no limit. */
  const limitMax =
    scope === "none"
      ? null
      : unit === "changes"
        ? 0n
        : amount !== null && amount <= limitMost
          ? amount
          : undefined;
  const needsApproval = limitMax !== undefined && isLooser(limitMax, limit.limitMax);
  const onSettled = () => queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
  const saving = useMutation(
    trpc.changeRequest.setLimit.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled,
    }),
  );
  const requesting = useMutation(trpc.changeRequest.requestLimitChange.mutationOptions({ onSettled }));
  const sending = needsApproval ? requesting : saving;
  const requestId = requesting.data?.requestId;
  const isMissing = needsApproval && reason.trim() === "";
  const send = () => {
    setChecked(true);
    if (limitMax === undefined) return;
    if (isMissing) reasonRef.current?.focus();
    else if (needsApproval) requesting.mutate({ kind, role: limit.role, limitMax, reason: reason.trim() });
    else saving.mutate({ kind, role: limit.role, limitMax });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.sheetTitle}
      locked={sending.isPending}
      footer={
        requestId ? (
          <Button size="large" className="flex-1" onClick={onClose}>
            {common.close}
          </Button>
        ) : (
          <>
            <Button size="large" disabled={sending.isPending} onClick={onClose}>
              {common.close}
            </Button>
            <Button
              look="primary"
              size="large"
              className="flex-1"
              busy={sending.isPending}
              disabled={needsApproval && limit.waiting !== null}
              onClick={send}
            >
              {needsApproval ? words.request : words.submit}
            </Button>
          </>
        )
      }
    >
      <p className="rounded-panel bg-sunken px-3 py-2">
        <b className="font-semibold">{changeRequests.kinds[kind]}</b> {common.role[limit.role]}
        <span className="block text-ink-3">{words.now(said(unit, limit.limitMax))}</span>
      </p>
      {requestId ? (
        <RequestedNote requestId={requestId}>{words.requestedBody}</RequestedNote>
      ) : (
        <>
          <RadioCards
            legend={words.scope}
            legendHidden
            name="limit-scope"
            value={scope}
            options={[
              { value: "limit", label: unit === "changes" ? words.always : words.withLimit },
              { value: "none", label: unit === "changes" ? words.alone : words.withoutLimit },
            ]}
            onChange={setScope}
          />
          {scope === "limit" && unit !== "changes" ? (
            <Field
              label={words.amount}
              hint={words.amountHint}
              error={checked && limitMax === undefined ? words.invalid : undefined}
            >
              {unit === "won" ? (
                <AmountInput value={text} onValueChange={setText} />
              ) : (
                <Input inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
              )}
            </Field>
          ) : null}
          <div role="status">
            {needsApproval ? (
              limit.waiting ? (
                <Note tone="warn">
                  {words.waitsAlready(said(unit, limit.waiting.limitMax))}{" "}
                  <Link
                    href={`/change-requests/${limit.waiting.requestId}`}
                    className="underline underline-offset-2"
                  >
                    {changeRequests.cancel.see}
                  </Link>
                </Note>
              ) : (
                <Note>{words.needed}</Note>
              )
            ) : (
              <p className="text-ink-3">{words.effect}</p>
            )}
          </div>
          {needsApproval && !limit.waiting ? (
            <Field
              label={words.reason}
              hint={words.reasonHint}
              error={checked && isMissing ? words.reasonMissing : undefined}
            >
              <Textarea
                ref={reasonRef}
                required
                rows={2}
                maxLength={changeReasonMax}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
          ) : null}
          {sending.isError ? (
            <QueryError
              error={sending.error}
              title={needsApproval ? words.requestFailed : words.failed}
              compact
            />
          ) : null}
        </>
      )}
    </Sheet>
  );
}
