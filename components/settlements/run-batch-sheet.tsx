"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { ReasonSheet } from "#components/layout/reason-sheet.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { useNewestBatch } from "#components/settlements/newest-batch.ts";
import { Button } from "#components/ui/button.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { settlementReasonLengthMax } from "#server/settlement/settlement.values.ts";

const dayMs = 86_400_000;

const dayAfter = (date: string) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);

/** Runs the settlement of a business date by hand: which dates it takes in, what it does and does not, then the button. */
export function RunBatchSheet({ onClose }: { onClose: () => void }) {
  const { settlements, common } = useTexts();
  const words = settlements.run;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const newest = useNewestBatch().data;
  const yesterday = seoulDate(new Date(Date.now() - dayMs));
  const firstDate = newest ? dayAfter(newest.businessDate) : undefined;
  const isAllDone = firstDate !== undefined && firstDate > yesterday;
  const [date, setDate] = useState(yesterday);
  const [checked, setChecked] = useState(false);
  const dateRef = useRef<HTMLInputElement>(null);
  const isWrong = date === "" || date > yesterday || (firstDate !== undefined && date < firstDate);
  const running = useMutation(
    trpc.settlement.run.mutationOptions({
      onSuccess: ({ businessDate, isNew }) => {
        toast(isNew ? words.started(businessDate) : words.already(businessDate));
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.settlement.pathFilter()),
    }),
  );
  const send = () => {
    setChecked(true);
    if (isWrong) dateRef.current?.focus();
    else running.mutate({ businessDate: date });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      initialFocus={dateRef}
      locked={running.isPending}
      footer={
        <>
          <Button size="large" disabled={running.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look="primary"
            size="large"
            className="flex-1"
            disabled={isAllDone}
            busy={running.isPending}
            onClick={send}
          >
            {date ? words.submit(date) : words.title}
          </Button>
        </>
      }
    >
      {isAllDone && newest ? (
        <Note>
          <DatesInText>{words.allDone(newest.businessDate)}</DatesInText>
        </Note>
      ) : null}
      <Field
        label={words.date}
        hint={words.dateHint}
        error={checked && isWrong ? words.dateWrong(firstDate ?? null, yesterday) : undefined}
      >
        <Input
          ref={dateRef}
          type="date"
          required
          min={firstDate}
          max={yesterday}
          value={date}
          onChange={(event) => setDate(event.target.value)}
        />
      </Field>
      {firstDate !== undefined && !isWrong && firstDate < date ? (
        <Note>
          <DatesInText>{words.several(firstDate, date)}</DatesInText>
        </Note>
      ) : null}
      <ul className="list-disc pl-5 text-ink-2">
        {words.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      {running.isError ? <QueryError compact error={running.error} title={words.error} /> : null}
    </Sheet>
  );
}

/** Computes the newest batch anew, which only drafts allow; the reason stays in the audit log. */
export function RecomputeSheet({ businessDate, onClose }: { businessDate: string; onClose: () => void }) {
  const { settlements } = useTexts();
  const words = settlements.recompute;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const sending = useMutation(
    trpc.settlement.recompute.mutationOptions({
      onSuccess: () => {
        toast(words.started(businessDate));
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.settlement.pathFilter()),
    }),
  );
  return (
    <ReasonSheet
      title={words.title(businessDate)}
      submit={words.submit}
      reason={{ ...settlements.reason, lengthMax: settlementReasonLengthMax }}
      sending={sending}
      errorTitle={words.error}
      onSend={(reason) => sending.mutate({ businessDate, reason })}
      onClose={onClose}
    >
      <ul className="list-disc pl-5 text-ink-2">
        {words.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
    </ReasonSheet>
  );
}
