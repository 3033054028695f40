"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useApprovingChange } from "#components/malls/approving.ts";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { ReasonField } from "#components/malls/reason-field.tsx";
import { type Shown, ShownKey } from "#components/malls/shown-key.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Field, Input, RadioCards } from "#components/ui/field.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { keyNameLengthMax, overlapHoursMax } from "#server/malls/mall.values.ts";
import type { KeyLine } from "#server/malls/mall-queries.ts";

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
  const approving = useApprovingChange("KEY_CHANGE");
  const requesting = useMutation(trpc.mall.requestKeyChange.mutationOptions({ onSettled }));
  if (shown) return <ShownKey shown={shown} onClose={onClose} />;
  const wish = { action: "ISSUE" as const, name: name.trim() };
  const send = () => {
    setChecked(true);
    if (name.trim() === "") nameRef.current?.focus();
    else if (!approving.isNeeded) sending.mutate({ mallId, name: name.trim() });
    else if (approving.check()) requesting.mutate({ mallId, wish, reason: approving.reason });
  };
  return (
    <FormSheet
      title={words.issueSheet.title}
      submit={words.issueSheet.submit}
      sending={approving.isNeeded ? requesting : sending}
      approving={approving}
      requestId={requesting.data?.requestId}
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
  const approving = useApprovingChange("KEY_CHANGE");
  const requesting = useMutation(trpc.mall.requestKeyChange.mutationOptions({ onSettled }));
  if (shown) return <ShownKey shown={shown} onClose={onClose} />;
  const overlapHours = Number(hours);
  const wish = { action: "ROTATE" as const, keyId: apiKey.id, overlapHours };
  const send = () => {
    if (!approving.isNeeded) sending.mutate({ mallId, keyId: apiKey.id, overlapHours });
    else if (approving.check()) requesting.mutate({ mallId, wish, reason: approving.reason });
  };
  return (
    <FormSheet
      title={words.title(apiKey.name)}
      submit={words.submit}
      danger={overlapHours === 0}
      sending={approving.isNeeded ? requesting : sending}
      approving={approving}
      requestId={requesting.data?.requestId}
      errorTitle={words.error}
      onSend={send}
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
          <TimeInText
            at={new Date(Date.now() + overlapHours * 3_600_000)}
            format={(at) => formatSeoulTime(at).slice(0, 16)}
            say={words.until}
          />
        </p>
      )}
      {apiKey.lastUsedAt ? (
        <p className="text-ink-3">
          <TimeInText
            at={apiKey.lastUsedAt}
            format={formatSeoulTime}
            say={(at) => words.lastUsed(at, apiKey.lastUsedFrom ?? "")}
          />
        </p>
      ) : null}
    </FormSheet>
  );
}

const recentMs = 24 * 3_600_000;

/** Ends a key for ever, with a reason; says what still uses it. Nobody else is asked: a key may have leaked. */
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
        <Note tone="warn">
          <TimeInText at={apiKey.lastUsedAt} format={formatSeoulTime} say={words.inUse} />
        </Note>
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
