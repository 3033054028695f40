"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { Checkbox, Field, FieldError, Textarea } from "#components/ui/field.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { rangeListLengthMax } from "#server/malls/mall.values.ts";
import type { AddressBook } from "#server/malls/mall-queries.ts";

const typingPauseMs = 300;
const shownMax = 8;

/** Changes the list as text. What it would do is said while it is typed: lines that are wrong, and callers it would shut out. */
export function EditAddressesSheet({
  mallId,
  ranges,
  onClose,
}: {
  mallId: string;
  ranges: AddressBook["ranges"];
  onClose: () => void;
}) {
  const { malls } = useTexts();
  const words = malls.addresses.sheet;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  // What was seen is what this sheet opened with, whatever is read behind it meanwhile.
  const [seen] = useState(() => ranges.map(({ cidr }) => cidr));
  const [text, setText] = useState(() =>
    ranges.map(({ cidr, note }) => (note ? `${cidr}  # ${note}` : cidr)).join("\n"),
  );
  const [settled, setSettled] = useState(text);
  const [accepted, setAccepted] = useState("");
  const [checked, setChecked] = useState(false);
  const textRef = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingPauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  const preview = useQuery(
    trpc.mall.previewAddresses.queryOptions(
      { mallId, text: settled },
      { placeholderData: keepPreviousData, staleTime: 0, gcTime: 0 },
    ),
  );
  const sending = useMutation(
    trpc.mall.replaceAddresses.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.mall.pathFilter()),
    }),
  );
  const isUpToDate = settled === text && preview.data !== undefined && !preview.isPlaceholderData;
  const found = preview.data;
  const shutOut = found?.shutOut.map(({ address }) => address) ?? [];
  // A new list asks anew.
  const isAccepted = accepted === shutOut.join();
  const isBroken = found !== undefined && (found.broken.length > 0 || found.isTooLong);
  const send = () => {
    setChecked(true);
    if (!isUpToDate || isBroken) textRef.current?.focus();
    else if (shutOut.length === 0 || isAccepted) sending.mutate({ mallId, text, seen, shutsOut: shutOut });
  };
  return (
    <FormSheet
      title={words.title}
      submit={words.submit}
      danger={shutOut.length > 0}
      sending={sending}
      errorTitle={words.error}
      initialFocus={textRef}
      onSend={send}
      onClose={onClose}
    >
      <Field
        label={words.label}
        hint={words.hint}
        error={checked && isBroken ? words.brokenMissing : undefined}
      >
        <Textarea
          ref={textRef}
          rows={10}
          spellCheck={false}
          maxLength={rangeListLengthMax}
          placeholder={words.placeholder}
          className="font-mono text-meta"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <div role="status" className="flex flex-col gap-3">
        {found && isBroken ? (
          <ul className="grid gap-0.5 text-bad">
            {found.isTooLong ? <li>{words.tooLong}</li> : null}
            {found.broken.map(({ line, text: named, broken }) => (
              <li key={line} className="[overflow-wrap:anywhere]">
                {words.broken(line, named, words.because[broken])}
              </li>
            ))}
          </ul>
        ) : null}
        {found && !isBroken ? (
          <p className="text-ink-2">
            {found.ranges.length === 0 ? words.opens : words.count(found.ranges.length)}
          </p>
        ) : null}
        {found && shutOut.length > 0 ? (
          <Note tone="warn">
            <p className="font-semibold">{words.shutsOut(shutOut.length)}</p>
            <p>{words.shutsOutBody}</p>
            <p className="pt-1 font-mono text-meta [overflow-wrap:anywhere]">
              {shutOut.slice(0, shownMax).join(", ")}
              {shutOut.length > shownMax ? ` ${words.andMore(shutOut.length - shownMax)}` : null}
            </p>
          </Note>
        ) : null}
      </div>
      {shutOut.length > 0 ? (
        <div>
          <Checkbox
            label={words.accept}
            checked={isAccepted}
            onChange={(event) => setAccepted(event.target.checked ? shutOut.join() : "")}
          />
          <FieldError message={checked && !isAccepted ? words.acceptMissing : undefined} />
        </div>
      ) : null}
    </FormSheet>
  );
}
