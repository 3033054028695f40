"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Field, Input, Select } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { emailMax } from "#server/operators/people.values.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";

/** Invites a person by a link that is shown once, here. */
export default function InviteSheet({ onClose }: { onClose: () => void }) {
  const { people, common } = useTexts();
  const words = people.inviteSheet;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const emailRef = useRef<HTMLInputElement>(null);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<OperatorRole>("OPERATOR");
  const [checked, setChecked] = useState(false);
  const isReadable = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim());
  const inviting = useMutation(
    trpc.operator.invite.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.operator.list.queryFilter()),
    }),
  );
  const send = () => {
    setChecked(true);
    if (isReadable) inviting.mutate({ email: email.trim(), role });
    else emailRef.current?.focus();
  };
  const made = inviting.data;
  const link = made ? `${window.location.origin}/accept-invitation#${made.token}` : "";
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      initialFocus={emailRef}
      locked={inviting.isPending}
      footer={
        made ? (
          <Button size="large" className="flex-1" onClick={onClose}>
            {words.done}
          </Button>
        ) : (
          <>
            <Button size="large" disabled={inviting.isPending} onClick={onClose}>
              {common.close}
            </Button>
            <Button look="primary" size="large" className="flex-1" busy={inviting.isPending} onClick={send}>
              {words.submit}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <>
          <div role="status">
            <Note tone="warn">
              <p className="font-semibold">{words.ready}</p>
              <p>{words.once}</p>
            </Note>
          </div>
          <p>
            <b className="font-semibold">{email.trim()}</b>{" "}
            <span className="text-ink-3">
              {common.role[role]} ·{" "}
              <TimeInText at={made.expiresAt} format={formatSeoulTime} say={words.until} />
            </span>
          </p>
          <Field label={words.link}>
            <div className="flex items-center gap-1">
              <Input
                readOnly
                value={link}
                className="font-mono text-[12px]"
                onFocus={(event) => event.target.select()}
              />
              <CopyButton value={link} what={words.link} />
            </div>
          </Field>
        </>
      ) : (
        <>
          <p className="text-ink-2">{words.lead}</p>
          <Field label={words.email} error={checked && !isReadable ? words.emailInvalid : undefined}>
            <Input
              ref={emailRef}
              type="email"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={emailMax}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </Field>
          <Field label={words.role} hint={words.roles[role]}>
            <Select value={role} onChange={(event) => setRole(event.target.value as OperatorRole)}>
              {(Object.keys(words.roles) as OperatorRole[]).map((one) => (
                <option key={one} value={one}>
                  {common.role[one]}
                </option>
              ))}
            </Select>
          </Field>
          {inviting.isError ? <QueryError error={inviting.error} title={words.failed} compact /> : null}
        </>
      )}
    </Sheet>
  );
}
