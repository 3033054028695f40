"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { itemName } from "#components/reconciliation/item-words.ts";
import { ClassBadge } from "#components/reconciliation/recon-badges.tsx";
import { RequestSheet } from "#components/settlements/request-sheet.tsx";
import { Effects } from "#components/settlements/settlement-effects.tsx";
import { AmountInput, Field, RadioCards, readAmount } from "#components/ui/field.tsx";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** As `adjustReconItemSchema` has it. */
const amountMax = 9_999_999_999n;

/** Asks another person to put a difference right by a line of the mall's next settlement. */
export function AdjustItemSheet({ item, onClose }: { item: ReconItemRow; onClose: () => void }) {
  const { settlements, reconciliation, common } = useTexts();
  const words = settlements.adjust;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [direction, setDirection] = useState<"more" | "less">("less");
  const [text, setText] = useState(item.riskMinor.toLocaleString("en-US"));
  const [checked, setChecked] = useState(false);
  const amountRef = useRef<HTMLInputElement>(null);
  const size = readAmount(text);
  const isWrong = size === null || size === 0n || size > amountMax;
  const amountMinor = isWrong ? null : direction === "more" ? size : -size;
  const sending = useMutation(
    trpc.reconciliation.adjust.mutationOptions({
      onSettled: () => {
        void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
        void queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
      },
    }),
  );
  const said = amountMinor === null ? "" : formatMoney(amountMinor, language);
  return (
    <RequestSheet
      title={reconciliation.adjust.title}
      submit={words.submit(said)}
      sending={sending}
      requestId={sending.data?.requestId}
      check={() => {
        setChecked(true);
        if (isWrong) amountRef.current?.focus();
        return !isWrong;
      }}
      onSend={(reason) => {
        if (amountMinor !== null) sending.mutate({ itemId: item.id, amountMinor, reason });
      }}
      onClose={onClose}
    >
      <p className="flex flex-wrap items-center gap-x-2 rounded-panel bg-sunken px-3 py-2">
        <ClassBadge item={item} />
        <span className="min-w-0 break-all">{itemName(item)}</span>
        <span className="text-ink-2">{item.mallName}</span>
      </p>
      <RadioCards
        legend={words.direction}
        name="adjust-direction"
        value={direction}
        options={[
          { value: "less", label: words.less },
          { value: "more", label: words.more },
        ]}
        onChange={setDirection}
      />
      <Field label={words.amount} error={checked && isWrong ? words.amountWrong : undefined}>
        <AmountInput ref={amountRef} required value={text} onValueChange={setText} />
      </Field>
      <Effects
        label={words.effects}
        facts={[
          [
            words.next,
            amountMinor === null
              ? words.nextEmpty(common.method.CARD)
              : words.nextBody(common.method.CARD, said),
          ],
          [words.ledger, words.ledgerBody],
          [reconciliation.cancel.difference, reconciliation.adjust.waits],
        ]}
      />
    </RequestSheet>
  );
}
