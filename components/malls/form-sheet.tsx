"use client";

import type { ReactNode, RefObject } from "react";
import { RequestedNote } from "#components/change-requests/requested-note.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import type { Approving } from "#components/malls/approving.ts";
import { ReasonField } from "#components/malls/reason-field.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";

/**
 * A sheet that sends one change: what it does and its fields, then close at the left and the verb at the right. With
 * `approving` the verb asks another person where one is needed, and `requestId` says that they were asked.
 */
export function FormSheet({
  title,
  submit,
  danger = false,
  sending,
  approving,
  hasReason = false,
  requestId,
  errorTitle,
  initialFocus,
  onSend,
  onClose,
  children,
}: {
  title: string;
  submit: string;
  danger?: boolean;
  sending: { isPending: boolean; isError: boolean; error: unknown };
  approving?: Approving;
  /** The fields ask for a reason already. */
  hasReason?: boolean;
  requestId?: string | undefined;
  errorTitle: string;
  initialFocus?: RefObject<HTMLElement | null>;
  onSend: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { changeRequests, common } = useTexts();
  const asking = changeRequests.mallChange;
  const needsApproval = approving?.isNeeded === true;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      locked={sending.isPending}
      {...(initialFocus && { initialFocus })}
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
              look={danger && !needsApproval ? "dangerSolid" : "primary"}
              size="large"
              className="flex-1"
              busy={sending.isPending}
              disabled={approving?.isKnown === false}
              onClick={onSend}
            >
              {needsApproval ? asking.submit : submit}
            </Button>
          </>
        )
      }
    >
      {requestId ? (
        <RequestedNote requestId={requestId}>{asking.doneBody}</RequestedNote>
      ) : (
        <>
          {needsApproval ? <Note>{asking.needed}</Note> : null}
          {children}
          {approving && needsApproval && !hasReason ? (
            <ReasonField
              value={approving.reason}
              onChange={approving.setReason}
              isMissing={approving.isMissing}
              placeholder=""
              inputRef={approving.reasonRef}
            />
          ) : null}
          {sending.isError ? (
            <QueryError error={sending.error} title={needsApproval ? asking.error : errorTitle} compact />
          ) : null}
        </>
      )}
    </Sheet>
  );
}
