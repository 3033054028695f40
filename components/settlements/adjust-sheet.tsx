"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { RequestSheet } from "#components/settlements/request-sheet.tsx";
import { Effects } from "#components/settlements/settlement-effects.tsx";
import { AmountInput, Field, RadioCards, readAmount } from "#components/ui/field.tsx";
import type { SettlementDetail } from "#server/settlement/settlement-queries.ts";

/** As `adjustSchema` has it. */
const amountMax = 9_999_999_999n;

/** Asks another person to correct what a mall gets: a line of its next settlement, while this one stays as it is. */
export function AdjustSheet({ settlement, onClose }: { settlement: SettlementDetail; onClose: () => void }) {
  const { settlements, common } = useTexts();
  const words = settlements.adjust;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [direction, setDirection] = useState<"more" | "less">("less");
  const [text, setText] = useState("");
  const [checked, setChecked] = useState(false);
  const amountRef = useRef<HTMLInputElement>(null);
  const size = readAmount(text);
  const isWrong = size === null || size === 0n || size > amountMax;
  const amountMinor = isWrong ? null : direction === "more" ? size : -size;
  const sending = useMutation(
    trpc.settlement.adjust.mutationOptions({
      onSettled: () => {
        void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
        void queryClient.invalidateQueries(trpc.settlement.pathFilter());
      },
    }),
  );
  const said = amountMinor === null ? "" : formatMoney(amountMinor, language);
  return (
    <RequestSheet
      title={words.title}
      submit={words.submit(said)}
      sending={sending}
      requestId={sending.data?.requestId}
      check={() => {
        setChecked(true);
        if (isWrong) amountRef.current?.focus();
        return !isWrong;
      }}
      onSend={(reason) => {
        if (amountMinor === null) return;
        sending.mutate({
          mallId: settlement.mallId,
          method: settlement.method,
          amountMinor,
          correctsId: settlement.id,
          reason,
        });
      }}
      onClose={onClose}
    >
      <p className="rounded-panel bg-sunken px-3 py-2">
        <span className="whitespace-nowrap">{settlement.businessDate}</span> {settlement.mallName} ·{" "}
        {common.method[settlement.method]}
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
          [words.thisOne, words.thisOneBody],
          [
            words.next,
            amountMinor === null
              ? words.nextEmpty(common.method[settlement.method])
              : words.nextBody(common.method[settlement.method], said),
          ],
          [words.ledger, words.ledgerBody],
        ]}
      />
    </RequestSheet>
  );
}
