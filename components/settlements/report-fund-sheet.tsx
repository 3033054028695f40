"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { AmountInput, Field, Input, readAmount } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { FundDay } from "#server/settlement/fund-queries.ts";
import { settlementReasonLengthMax } from "#server/settlement/settlement.values.ts";

/** Records how much lay outside at the end of a day, with what is required of it beside. */
export function ReportFundSheet({ day, onClose }: { day: FundDay; onClose: () => void }) {
  const { settlements, common } = useTexts();
  const words = settlements.fund.sheet;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState(day.heldMinor?.toLocaleString("en-US") ?? "");
  const [note, setNote] = useState(day.note);
  const [checked, setChecked] = useState(false);
  const heldRef = useRef<HTMLInputElement>(null);
  const heldMinor = readAmount(text);
  const short = heldMinor === null ? null : day.requiredMinor - heldMinor;
  const sending = useMutation(
    trpc.settlement.reportFund.mutationOptions({
      onSuccess: () => {
        toast(words.done(day.businessDate));
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.settlement.funds.queryFilter()),
    }),
  );
  const send = () => {
    setChecked(true);
    if (heldMinor === null) heldRef.current?.focus();
    else sending.mutate({ businessDate: day.businessDate, heldMinor, note: note.trim() });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(day.businessDate)}
      initialFocus={heldRef}
      locked={sending.isPending}
      footer={
        <>
          <Button size="large" disabled={sending.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="flex-1" busy={sending.isPending} onClick={send}>
            {words.submit}
          </Button>
        </>
      }
    >
      <Field label={words.held} error={checked && heldMinor === null ? words.heldWrong : undefined}>
        <AmountInput
          ref={heldRef}
          required
          value={text}
          onFocus={(event) => event.target.select()}
          onValueChange={setText}
        />
      </Field>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-y-0.5 rounded-panel bg-sunken px-3 py-2 tabular-nums">
        {(
          [
            [words.obligation, day.obligationMinor],
            [words.required(day.requiredPercent), day.requiredMinor],
            [words.shortfall, short === null ? null : short > 0n ? short : 0n],
          ] as const
        ).map(([name, amountMinor]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-2">{name}</dt>
            <dd className="text-right font-semibold">
              <Money amountMinor={amountMinor} />
            </dd>
          </div>
        ))}
      </dl>
      <Field label={words.note} hint={words.noteHint}>
        <Input
          maxLength={settlementReasonLengthMax}
          autoComplete="off"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      {day.heldMinor === null ? null : <Note>{words.replaces}</Note>}
      {sending.isError ? <QueryError compact error={sending.error} title={words.error} /> : null}
    </Sheet>
  );
}
