"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { ReasonField } from "#components/malls/reason-field.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Checkbox, Field, Input, RadioCards } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { keyNameLengthMax, overlapHoursMax } from "#server/malls/mall.values.ts";
import type { KeyLine } from "#server/malls/mall-queries.ts";

type Shown = Readonly<{ secretKey: string; oldKeyExpiresAt?: Date }>;

/** The new key, this once. It stays until somebody says that it was kept: a click beside it must not lose it. */
function ShownKey({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const { malls } = useTexts();
  const words = malls.keys.shown;
  const [isSaved, setIsSaved] = useState(false);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      locked={!isSaved}
      footer={
        <Button look="primary" size="large" className="flex-1" disabled={!isSaved} onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <Note tone="warn">{words.body}</Note>
      <div className="flex items-end gap-1">
        <Field label={words.label} className="flex-1">
          <Input
            readOnly
            spellCheck={false}
            className="bg-sunken font-mono text-meta"
            value={shown.secretKey}
            onFocus={(event) => event.target.select()}
          />
        </Field>
        <CopyButton value={shown.secretKey} what={words.label} className="mb-1.5" />
      </div>
      {shown.oldKeyExpiresAt && shown.oldKeyExpiresAt.getTime() > Date.now() ? (
        <p>{words.oldUntil(formatSeoulTime(shown.oldKeyExpiresAt))}</p>
      ) : null}
      <Checkbox
        label={words.saved}
        checked={isSaved}
        onChange={(event) => setIsSaved(event.target.checked)}
      />
    </Sheet>
  );
}

/** Sends a change of keys; what it yields stays in this component alone, never in a cache. */
function useKeyChange() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [shown, setShown] = useState<Shown | null>(null);
  const onSettled = () => queryClient.invalidateQueries(trpc.mall.pathFilter());
  return { trpc, shown, setShown, onSettled };
}

/** Issues one more key. */
export function IssueKeySheet({ mallId, onClose }: { mallId: string; onClose: () => void }) {
  const { malls } = useTexts();
  const words = malls.keys;
  const { trpc, shown, setShown, onSettled } = useKeyChange();
  const [name, setName] = useState("");
  const [checked, setChecked] = useState(false);
  const nameRef = useRef<HTMLInputElement>(null);
  const sending = useMutation(
    trpc.mall.issueKey.mutationOptions({ gcTime: 0, onSuccess: setShown, onSettled }),
  );
  if (shown) return <ShownKey shown={shown} onClose={onClose} />;
  const send = () => {
    setChecked(true);
    if (name.trim() === "") nameRef.current?.focus();
    else sending.mutate({ mallId, name: name.trim() });
  };
  return (
    <FormSheet
      title={words.issueSheet.title}
      submit={words.issueSheet.submit}
      sending={sending}
      errorTitle={words.issueSheet.error}
      initialFocus={nameRef}
      onSend={send}
      onClose={onClose}
    >
      <p>{words.issueSheet.body}</p>
      <Field
        label={words.name}
        hint={words.nameHint}
        error={checked && name.trim() === "" ? words.nameMissing : undefined}
      >
        <Input
          ref={nameRef}
          required
          maxLength={keyNameLengthMax}
          autoComplete="off"
          placeholder={words.namePlaceholder}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
    </FormSheet>
  );
}

const overlapChoices = [1, 24, overlapHoursMax, 0] as const;

/** Replaces a key; the present one goes on for the time that is chosen. */
export function RotateKeySheet({
  mallId,
  apiKey,
  onClose,
}: {
  mallId: string;
  apiKey: KeyLine;
  onClose: () => void;
}) {
  const { malls } = useTexts();
  const words = malls.keys.rotateSheet;
  const { trpc, shown, setShown, onSettled } = useKeyChange();
  const [hours, setHours] = useState("24");
  const sending = useMutation(
    trpc.mall.rotateKey.mutationOptions({ gcTime: 0, onSuccess: setShown, onSettled }),
  );
  if (shown) return <ShownKey shown={shown} onClose={onClose} />;
  const overlapHours = Number(hours);
  return (
    <FormSheet
      title={words.title(apiKey.name)}
      submit={words.submit}
      danger={overlapHours === 0}
      sending={sending}
      errorTitle={words.error}
      onSend={() => sending.mutate({ mallId, keyId: apiKey.id, overlapHours })}
      onClose={onClose}
    >
      <p>{words.body}</p>
      <RadioCards
        legend={words.overlap}
        name="overlap"
        value={hours}
        onChange={setHours}
        options={overlapChoices.map((choice) => ({ value: String(choice), label: words.hours(choice) }))}
      />
      {overlapHours === 0 ? (
        <Note tone="warn">{words.atOnce}</Note>
      ) : (
        <p className="text-ink-2">
          {words.until(formatSeoulTime(new Date(Date.now() + overlapHours * 3_600_000)).slice(0, 16))}
        </p>
      )}
      {apiKey.lastUsedAt ? (
        <p className="text-ink-3">
          {words.lastUsed(formatSeoulTime(apiKey.lastUsedAt), apiKey.lastUsedFrom ?? "")}
        </p>
      ) : null}
    </FormSheet>
  );
}

const recentMs = 24 * 3_600_000;

/** Ends a key for ever, with a reason; says what still uses it. */
export function RevokeKeySheet({
  mallId,
  apiKey,
  isLast,
  onClose,
}: {
  mallId: string;
  apiKey: KeyLine;
  isLast: boolean;
  onClose: () => void;
}) {
  const { malls } = useTexts();
  const words = malls.keys.revokeSheet;
  const { trpc, onSettled } = useKeyChange();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const sending = useMutation(
    trpc.mall.revokeKey.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled,
    }),
  );
  const send = () => {
    setChecked(true);
    if (reason.trim() === "") reasonRef.current?.focus();
    else sending.mutate({ mallId, keyId: apiKey.id, reason: reason.trim() });
  };
  const isRecent = apiKey.lastUsedAt && Date.now() - apiKey.lastUsedAt.getTime() < recentMs;
  return (
    <FormSheet
      title={words.title(apiKey.name)}
      submit={words.submit(apiKey.name)}
      danger
      sending={sending}
      errorTitle={words.error}
      initialFocus={reasonRef}
      onSend={send}
      onClose={onClose}
    >
      <p>{words.body}</p>
      {isRecent && apiKey.lastUsedAt ? (
        <Note tone="warn">{words.inUse(formatSeoulTime(apiKey.lastUsedAt))}</Note>
      ) : null}
      {isLast ? <Note tone="warn">{words.last}</Note> : null}
      <ReasonField
        value={reason}
        onChange={setReason}
        isMissing={checked && reason.trim() === ""}
        placeholder={words.placeholder}
        inputRef={reasonRef}
      />
    </FormSheet>
  );
}
