"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { changeAmount, changeName, isOfSettlement } from "#components/change-requests/change-name.ts";
import { useSubjectName } from "#components/change-requests/subject-name.ts";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { decisionNoteMax } from "#server/change-requests/change-kinds.values.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

export type DecisionWish = "approve" | "reject" | "withdraw";

/** The last step of a decision about one version of a request: what follows, a note, and only then the button. */
export default function DecideSheet({
  change,
  wish,
  onClose,
}: {
  change: ChangeDetail;
  wish: DecisionWish;
  onClose: () => void;
}) {
  const { bulk, changeRequests, common } = useTexts();
  const words = changeRequests.decide;
  const language = useLanguage();
  const subjectName = useSubjectName()(change);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState(false);
  const noteRef = useRef<HTMLTextAreaElement>(null);
  // The version that is on the screen now: one that is edited while the sheet is open is not decided unseen.
  const [version] = useState(change.version);

  const approved = words.approvedThen[leadOf(change)];
  const options = (done: string) => ({
    onSuccess: () => {
      toast(done);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(trpc.changeRequest.pathFilter()),
  });
  const approving = useMutation(trpc.changeRequest.approve.mutationOptions(options(approved)));
  const rejecting = useMutation(trpc.changeRequest.reject.mutationOptions(options(words.rejected)));
  const withdrawing = useMutation(trpc.changeRequest.withdraw.mutationOptions(options(words.withdrawn)));
  const sending = { approve: approving, reject: rejecting, withdraw: withdrawing }[wish];
  const isEdited = change.version !== version;
  const isMissing = wish === "reject" && note.trim() === "";

  const send = () => {
    setChecked(true);
    const decision = { requestId: change.id, version, note: note.trim() };
    if (isMissing) noteRef.current?.focus();
    else if (wish === "approve") approving.mutate(decision);
    else if (wish === "reject") rejecting.mutate(decision);
    else withdrawing.mutate({ requestId: change.id, version });
  };
  const amountMinor = changeAmount(change);
  const amount = amountMinor === null ? null : formatMoney(amountMinor, language);
  const what =
    amount === null
      ? changeName(change, changeRequests)
      : change.kind === "BULK_CANCEL"
        ? changeRequests.bulkCancel.amount(bulk.count(Number(change.payload.count)), amount)
        : isOfSettlement(change)
          ? words.settlementOf(changeName(change, changeRequests), amount)
          : words.cancelOf(amount);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words[`${wish}Title`]}
      initialFocus={noteRef}
      locked={sending.isPending}
      footer={
        <>
          <Button size="large" disabled={sending.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look={wish === "approve" ? "dangerSolid" : "primary"}
            size="large"
            className="flex-1"
            busy={sending.isPending}
            disabled={isEdited}
            onClick={send}
          >
            {wish === "approve" ? words.approve(what) : words[wish]}
          </Button>
        </>
      }
    >
      <p className="rounded-panel bg-sunken px-3 py-2">
        <b className="font-semibold">{what}</b> {subjectName}
        <span className="block text-ink-3">
          {change.makerName ?? change.makerId} · {change.reason}
        </span>
      </p>
      {wish === "approve" ? (
        <Note tone="warn">{words.approveLeads[leadOf(change)]}</Note>
      ) : (
        <p>{words[`${wish}Lead`]}</p>
      )}
      {wish === "withdraw" ? null : (
        <Field
          label={words.note}
          hint={wish === "approve" ? words.noteOptional : words.noteRequired}
          error={checked && isMissing ? words.noteMissing : undefined}
        >
          <Textarea
            ref={noteRef}
            value={note}
            maxLength={decisionNoteMax}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
      )}
      {isEdited ? <Note tone="warn">{words.edited}</Note> : null}
      {sending.isError && !isEdited ? (
        <QueryError error={sending.error} title={words.failed} compact />
      ) : null}
    </Sheet>
  );
}

/** What follows an approval: a key is issued by who asked for it, a contract begins on its date, what is set can be set anew. */
function leadOf({ kind }: ChangeDetail): "runs" | "issues" | "begins" | "applies" {
  if (kind === "KEY_CHANGE") return "issues";
  if (kind === "CONTRACT_CHANGE") return "begins";
  return kind === "LIMIT_CHANGE" || kind === "WITHHOLD" ? "applies" : "runs";
}
