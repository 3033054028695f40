"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input, Select } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import type { Holiday, HolidayKind } from "#server/settlement/domain/korean-holidays.ts";
import { holidayKinds, settlementReasonLengthMax } from "#server/settlement/settlement.values.ts";

const nameLengthMax = 60;
const changesMax = 60;

type Change = Readonly<{ does: "add" | "remove"; day: Holiday }>;

/** Collects days to add to the version in force and to take out of it, and drafts the next version from them. */
export function ChangeHolidaysSheet({
  holidays,
  onDrafted,
  onClose,
}: {
  /** Of the version in force. */
  holidays: readonly Holiday[];
  onDrafted: (version: number) => void;
  onClose: () => void;
}) {
  const { settlements, common } = useTexts();
  const words = settlements.calendar.change;
  const { kinds } = settlements.calendar;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [date, setDate] = useState("");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<HolidayKind>("TEMPORARY");
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState<"day" | "all" | null>(null);
  const dateRef = useRef<HTMLInputElement>(null);
  const nameRef = useRef<HTMLInputElement>(null);
  const existing = holidays.find((day) => day.date === date);
  const isTaken = changes.some(({ day }) => day.date === date);
  const isNameMissing = !existing && name.trim() === "";
  const drafting = useMutation(
    trpc.settlement.draftCalendar.mutationOptions({
      onSuccess: ({ version }) => {
        onDrafted(version);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.settlement.calendars.queryFilter()),
    }),
  );
  const take = () => {
    setChecked("day");
    if (date === "" || isTaken) return dateRef.current?.focus();
    if (isNameMissing) return nameRef.current?.focus();
    setChanges([
      ...changes,
      existing ? { does: "remove", day: existing } : { does: "add", day: { date, name: name.trim(), kind } },
    ]);
    setDate("");
    setName("");
    setChecked(null);
    dateRef.current?.focus();
  };
  const send = () => {
    setChecked("all");
    if (changes.length === 0) return dateRef.current?.focus();
    drafting.mutate({
      add: changes.filter(({ does }) => does === "add").map(({ day }) => day),
      remove: changes.filter(({ does }) => does === "remove").map(({ day }) => day.date),
      note: note.trim(),
    });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      initialFocus={dateRef}
      locked={drafting.isPending}
      footer={
        <>
          <p className="w-full text-ink-3 text-meta">{words.footer}</p>
          <Button size="large" disabled={drafting.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="flex-1" busy={drafting.isPending} onClick={send}>
            {words.submit}
          </Button>
        </>
      }
    >
      <fieldset className="flex min-w-0 flex-col gap-3 rounded-panel border border-line px-3 py-2.5">
        <legend className="sr-only">{words.day}</legend>
        <Field
          label={words.date}
          error={
            (checked === "day" && date === "") || (checked === "all" && changes.length === 0)
              ? words.dateMissing
              : isTaken
                ? words.dateTaken
                : undefined
          }
        >
          <Input
            ref={dateRef}
            type="date"
            min="2000-01-01"
            max="2100-12-31"
            value={date}
            onChange={(event) => setDate(event.target.value)}
          />
        </Field>
        {existing ? (
          <Note>{words.isHoliday(existing.name)}</Note>
        ) : (
          <div className="grid grid-cols-2 gap-3">
            <Field
              label={words.name}
              error={checked === "day" && date !== "" && isNameMissing ? words.nameMissing : undefined}
            >
              <Input
                ref={nameRef}
                maxLength={nameLengthMax}
                autoComplete="off"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
            <Field label={words.kind}>
              <Select value={kind} onChange={(event) => setKind(event.target.value as HolidayKind)}>
                {holidayKinds.map((value) => (
                  <option key={value} value={value}>
                    {kinds[value]}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
        )}
        <Button className="self-end" disabled={changes.length >= changesMax} onClick={take}>
          {existing ? words.remove : words.add}
        </Button>
      </fieldset>
      <section aria-label={words.list}>
        <p className="pb-1 font-semibold">{words.list}</p>
        {changes.length === 0 ? (
          <p className="text-ink-3">{words.none}</p>
        ) : (
          <ul className="border-line border-t tabular-nums">
            {changes.map(({ does, day }) => (
              <li key={day.date} className="flex min-h-9 items-center gap-2 border-line border-b">
                <b className="font-semibold">{does === "add" ? words.added : words.removed}</b>
                <span className="min-w-0 flex-1 truncate">
                  {day.date} {day.name} <span className="text-ink-3">{kinds[day.kind]}</span>
                </span>
                <IconButton
                  icon={X}
                  size="iconSmall"
                  label={words.undo(day.date)}
                  onClick={() => {
                    setChanges(changes.filter((one) => one.day.date !== day.date));
                    dateRef.current?.focus();
                  }}
                />
              </li>
            ))}
          </ul>
        )}
      </section>
      <Field label={words.note} hint={common.optional}>
        <Input
          maxLength={settlementReasonLengthMax}
          autoComplete="off"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      {drafting.isError ? <QueryError compact error={drafting.error} title={words.error} /> : null}
    </Sheet>
  );
}
