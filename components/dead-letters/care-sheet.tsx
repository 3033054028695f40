"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input, Select, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { asideDaysMax, noteLengthMax } from "#server/dead-letters/dead-letter.values.ts";

export type Care = Readonly<{ kind: "assign" | "aside" | "back"; ids: readonly string[] }>;

const dayMs = 24 * 60 * 60_000;
/** The day in Seoul, so many days from now, as a date field writes it. */
const dayFromNow = (days: number) =>
  new Date(Date.now() + days * dayMs).toLocaleDateString("sv-SE", { timeZone: "Asia/Seoul" });
/** Nine in the morning of that day in Seoul, when the office opens. */
const morningOf = (day: string) => new Date(`${day}T09:00:00+09:00`);

/** Gives letters to a colleague, leaves them aside until a morning, or brings them back. */
export function CareSheet({
  care,
  onClose,
  onDone,
}: {
  care: Care;
  onClose: () => void;
  onDone: () => void;
}) {
  const { deadLetters } = useTexts();
  const words = deadLetters.care;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const me = useOperator();
  const [assignee, setAssignee] = useState(me.id);
  const [day, setDay] = useState(() => dayFromNow(1));
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState(false);
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const dayRef = useRef<HTMLInputElement>(null);
  const isAssign = care.kind === "assign";

  const people = useQuery({ ...trpc.deadLetter.assignees.queryOptions(), enabled: isAssign });
  const finish = async ({ changed }: { changed: number }) => {
    await queryClient.invalidateQueries(trpc.deadLetter.pathFilter());
    toast(words.done[care.kind](changed));
    onDone();
  };
  const assigning = useMutation(trpc.deadLetter.assign.mutationOptions({ onSuccess: finish }));
  const setting = useMutation(trpc.deadLetter.setAside.mutationOptions({ onSuccess: finish }));
  const pending = assigning.isPending || setting.isPending;
  const error = assigning.error ?? setting.error;

  const dayWrong = care.kind === "aside" && (day < dayFromNow(1) || day > dayFromNow(asideDaysMax - 1));
  const noteMissing = !isAssign && note.trim() === "";
  const submit = () => {
    setChecked(true);
    const ids = [...care.ids];
    if (isAssign) assigning.mutate({ ids, assigneeId: assignee === "" ? null : assignee });
    else if (dayWrong) dayRef.current?.focus();
    else if (noteMissing) noteRef.current?.focus();
    else setting.mutate({ ids, until: care.kind === "aside" ? morningOf(day) : null, note: note.trim() });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.titles[care.kind](care.ids.length)}
      locked={pending}
      footer={
        <>
          <Button size="large" onClick={onClose} disabled={pending}>
            {words.close}
          </Button>
          <Button look="primary" size="large" className="ml-auto" busy={pending} onClick={submit}>
            {words.submit[care.kind]}
          </Button>
        </>
      }
    >
      {error ? <QueryError error={error} title={words.failed} compact /> : null}
      {isAssign ? (
        <Field label={words.assignee}>
          <Select value={assignee} onChange={(event) => setAssignee(event.target.value)}>
            <option value={me.id}>{words.me(me.name)}</option>
            {people.data
              ?.filter(({ id }) => id !== me.id)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            <option value="">{words.nobody}</option>
          </Select>
        </Field>
      ) : null}
      {care.kind === "aside" ? (
        <>
          <p className="text-ink-2">{words.asideMeans}</p>
          <Field
            label={words.until}
            hint={words.untilHint}
            error={checked && dayWrong ? words.untilWrong(asideDaysMax - 1) : undefined}
          >
            <Input
              ref={dayRef}
              type="date"
              required
              min={dayFromNow(1)}
              max={dayFromNow(asideDaysMax - 1)}
              value={day}
              onChange={(event) => setDay(event.target.value)}
            />
          </Field>
        </>
      ) : null}
      {isAssign ? null : (
        <Field
          label={words.note}
          hint={words.noteHint}
          error={checked && noteMissing ? words.noteMissing : undefined}
        >
          <Textarea
            ref={noteRef}
            required
            rows={3}
            maxLength={noteLengthMax}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
      )}
    </Sheet>
  );
}
