"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { noteLengthMax } from "#server/dead-letters/dead-letter.values.ts";
import type { DeadLetterDetail } from "#server/dead-letters/dead-letter-queries.ts";

/** What colleagues wrote about a letter, the newest first; what is written stays. */
export function LetterNotes({ letter }: { letter: DeadLetterDetail }) {
  const { deadLetters } = useTexts();
  const words = deadLetters.notes;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayCare = useMay("dead-letter:care");
  const [text, setText] = useState("");
  const writing = useMutation(
    trpc.deadLetter.writeNote.mutationOptions({
      onSuccess: async () => {
        setText("");
        await queryClient.invalidateQueries(trpc.deadLetter.read.queryFilter({ id: letter.id }));
      },
    }),
  );
  return (
    <section>
      <SectionTitle remark={mayCare ? words.hint : undefined}>{words.title}</SectionTitle>
      {letter.notes.length === 0 && !mayCare ? <p className="text-ink-3">{words.none}</p> : null}
      {mayCare ? (
        <form
          className="flex flex-col gap-2 pb-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) writing.mutate({ id: letter.id, text: text.trim() });
          }}
        >
          {writing.isError ? <QueryError error={writing.error} title={words.failed} compact /> : null}
          <Field label={words.add}>
            <Textarea
              rows={2}
              maxLength={noteLengthMax}
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="min-h-14"
            />
          </Field>
          <Button
            type="submit"
            size="small"
            className="self-end"
            busy={writing.isPending}
            disabled={text.trim() === ""}
          >
            {words.save}
          </Button>
        </form>
      ) : null}
      <ol>
        {letter.notes.map((note) => (
          <li key={note.id.toString()} className="border-line border-b py-1.5">
            <p className="whitespace-pre-wrap break-words">{note.text}</p>
            <p className="text-ink-3 text-meta">
              {note.by} · <DateTime at={note.writtenAt} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
