"use client";

import { type ReactNode, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";

/**
 * A sheet that does one thing for a reason: what it does (`children`), the reason, what else is to be known (`after`), then close
 * at the left and the verb at the right. Pressed without a reason it asks for one and sends nothing; `onSend` gets it
 * trimmed.
 */
export function ReasonSheet({
  title,
  submit,
  danger = false,
  reason: { label, hint, missing, placeholder, lengthMax },
  sending,
  errorTitle,
  onSend,
  onClose,
  children,
  after,
}: {
  title: string;
  submit: string;
  danger?: boolean;
  reason: Readonly<{
    label: string;
    hint: string;
    /** Said when there is none. */
    missing: string;
    placeholder?: string;
    lengthMax: number;
  }>;
  sending: Readonly<{ isPending: boolean; isError: boolean; error: unknown }>;
  errorTitle: string;
  onSend: (reason: string) => void;
  onClose: () => void;
  children: ReactNode;
  after?: ReactNode;
}) {
  const { common } = useTexts();
  const [text, setText] = useState("");
  const [checked, setChecked] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const reason = text.trim();
  const send = () => {
    setChecked(true);
    if (reason === "") field.current?.focus();
    else onSend(reason);
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      initialFocus={field}
      locked={sending.isPending}
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
            onClick={send}
          >
            {submit}
          </Button>
        </>
      }
    >
      {children}
      <Field label={label} hint={hint} error={checked && reason === "" ? missing : undefined}>
        <Textarea
          ref={field}
          required
          rows={2}
          maxLength={lengthMax}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      {after}
      {sending.isError ? (
        <QueryError error={sending.error} title={errorTitle} onRetry={send} retrying={false} compact />
      ) : null}
    </Sheet>
  );
}
