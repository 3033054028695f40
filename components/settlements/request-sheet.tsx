"use client";

import Link from "next/link";
import { type ReactNode, useRef, useState } from "react";
import { RequestedNote } from "#components/change-requests/requested-note.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { SettlementReason } from "#components/settlements/settlement-reason.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";

/**
 * A sheet that asks another person for something about settlements: what it is about, what follows when they approve, the
 * reason, and only then the button. Nothing moves by asking, so nothing is typed twice. `onSend` gets the reason once
 * there is one; with `check` the fields inside say first whether they are filled in.
 */
export function RequestSheet({
  title,
  submit,
  sending,
  requestId,
  check,
  blocked = false,
  onSend,
  onClose,
  children,
}: {
  title: string;
  submit: string;
  sending: { isPending: boolean; isError: boolean; error: unknown };
  requestId: string | undefined;
  check?: () => boolean;
  /** Nothing is left to be asked for. */
  blocked?: boolean;
  onSend: (reason: string) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { changeRequests, common, settlements } = useTexts();
  const words = settlements.request;
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const refusal = refusalOf(sending.error);
  const openId = refusal?.code === "CHANGE_REQUEST_OPEN" ? refusal.facts.requestId : undefined;
  const send = () => {
    setChecked(true);
    if (check?.() === false) return;
    if (reason.trim() === "") reasonRef.current?.focus();
    else onSend(reason.trim());
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      locked={sending.isPending}
      footer={
        requestId ? (
          <Button size="large" className="flex-1" onClick={onClose}>
            {common.close}
          </Button>
        ) : (
          <>
            <p className="w-full text-ink-3 text-meta">{words.footer}</p>
            <Button size="large" disabled={sending.isPending} onClick={onClose}>
              {common.close}
            </Button>
            <Button
              look="primary"
              size="large"
              className="flex-1"
              busy={sending.isPending}
              disabled={blocked}
              onClick={send}
            >
              {submit}
            </Button>
          </>
        )
      }
    >
      {requestId ? (
        <RequestedNote requestId={requestId}>{words.doneBody}</RequestedNote>
      ) : (
        <>
          <Note>{words.needed}</Note>
          {children}
          <SettlementReason
            value={reason}
            onChange={setReason}
            isMissing={checked && reason.trim() === ""}
            inputRef={reasonRef}
          />
          {sending.isError ? (
            typeof openId === "string" ? (
              <Note tone="warn">
                {words.open}{" "}
                <Link href={`/change-requests/${openId}`} className="underline underline-offset-2">
                  {changeRequests.cancel.see}
                </Link>
              </Note>
            ) : (
              <QueryError compact error={sending.error} title={words.error} />
            )
          ) : null}
        </>
      )}
    </Sheet>
  );
}
