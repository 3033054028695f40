"use client";

import type { ReactNode, RefObject } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/modal.tsx";

/** A sheet that sends one change: what it does and its fields, then close at the left and the verb at the right. */
export function FormSheet({
  title,
  submit,
  danger = false,
  sending,
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
  errorTitle: string;
  initialFocus?: RefObject<HTMLElement | null>;
  onSend: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { common } = useTexts();
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      locked={sending.isPending}
      {...(initialFocus && { initialFocus })}
      footer={
        <>
          <Button size="large" disabled={sending.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look={danger ? "dangerSolid" : "primary"}
            size="large"
            className="flex-1"
            busy={sending.isPending}
            onClick={onSend}
          >
            {submit}
          </Button>
        </>
      }
    >
      {children}
      {sending.isError ? <QueryError error={sending.error} title={errorTitle} compact /> : null}
    </Sheet>
  );
}
