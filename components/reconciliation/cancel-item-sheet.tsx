"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { itemName } from "#components/reconciliation/item-words.ts";
import { ClassBadge } from "#components/reconciliation/recon-badges.tsx";
import { RequestSheet } from "#components/settlements/request-sheet.tsx";
import { Effects } from "#components/settlements/settlement-effects.tsx";
import { AmountInput, Field, readAmount } from "#components/ui/field.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** Asks another person to cancel the payment of an item, of which its VAN has no record or another. */
export function CancelItemSheet({ item, onClose }: { item: ReconItemRow; onClose: () => void }) {
  const words = useTexts().reconciliation.cancel;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const payment = useQuery(
    trpc.payment.detail.queryOptions({ paymentKey: item.paymentId ?? "" }, { staleTime: 0 }),
  );
  const balanceMinor = payment.data?.cancelable.balanceMinor;
  // As it was when it was first shown: what is read again behind the sheet is said by a refusal, not changed under the eyes.
  const [shownMinor, setShownMinor] = useState<bigint | undefined>(undefined);
  const [text, setText] = useState("");
  const [checked, setChecked] = useState(false);
  const amountRef = useRef<HTMLInputElement>(null);
  if (shownMinor === undefined && balanceMinor !== undefined) {
    setShownMinor(balanceMinor);
    setText(balanceMinor.toLocaleString("en-US"));
  }
  const amountMinor = readAmount(text);
  const isWrong =
    amountMinor === null || amountMinor === 0n || shownMinor === undefined || amountMinor > shownMinor;
  const sending = useMutation(
    trpc.reconciliation.cancel.mutationOptions({
      onSettled: () => {
        void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
        void queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
      },
    }),
  );
  const said = isWrong || amountMinor === null ? "" : formatMoney(amountMinor, language);
  return (
    <RequestSheet
      title={words.title}
      submit={words.submit(said)}
      sending={sending}
      requestId={sending.data?.requestId}
      blocked={shownMinor === undefined || shownMinor === 0n}
      check={() => {
        setChecked(true);
        if (isWrong) amountRef.current?.focus();
        return !isWrong;
      }}
      onSend={(reason) => {
        if (isWrong || amountMinor === null || shownMinor === undefined) return;
        sending.mutate({ itemId: item.id, amountMinor, currentCancelableMinor: shownMinor, reason });
      }}
      onClose={onClose}
    >
      <p className="flex flex-wrap items-center gap-x-2 rounded-panel bg-sunken px-3 py-2">
        <ClassBadge item={item} />
        <span className="min-w-0 break-all">{itemName(item)}</span>
        <span className="text-ink-2">{item.mallName}</span>
      </p>
      <p className="text-ink-2">{words.lead}</p>
      {payment.isError && shownMinor === undefined ? (
        <QueryError
          compact
          error={payment.error}
          title={words.balanceError}
          onRetry={() => void payment.refetch()}
          retrying={payment.isFetching}
        />
      ) : shownMinor === undefined ? (
        <Skeleton className="h-9 w-full" />
      ) : shownMinor === 0n ? (
        <Note tone="warn">{words.nothingLeft}</Note>
      ) : (
        <Field
          label={words.amount}
          hint={words.balance(formatMoney(shownMinor, language))}
          error={checked && isWrong ? words.amountWrong : undefined}
        >
          <AmountInput ref={amountRef} required value={text} onValueChange={setText} />
        </Field>
      )}
      <Effects
        label={words.effects}
        facts={[
          [words.payment, words.paymentBody(said)],
          [words.difference, words.differenceBody],
        ]}
      />
    </RequestSheet>
  );
}
