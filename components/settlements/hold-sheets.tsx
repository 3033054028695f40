"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { RequestSheet } from "#components/settlements/request-sheet.tsx";
import { Effects } from "#components/settlements/settlement-effects.tsx";
import { RadioCards } from "#components/ui/field.tsx";
import { Money } from "#components/ui/money.tsx";
import type { SettlementDetail } from "#server/settlement/settlement-queries.ts";

/** Asks another person to keep a payout back: of this settlement, or of all of the mall. */
export function WithholdSheet({
  settlement,
  onClose,
}: {
  settlement: SettlementDetail;
  onClose: () => void;
}) {
  const words = useTexts().settlements.withhold;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const isOneHeld = settlement.holds.some(({ isOfMall }) => !isOfMall);
  const isMallHeld = settlement.holds.some(({ isOfMall }) => isOfMall);
  const [scope, setScope] = useState<"one" | "mall">(isOneHeld ? "mall" : "one");
  const sending = useMutation(
    trpc.settlement.withhold.mutationOptions({
      onSettled: () => {
        void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
        void queryClient.invalidateQueries(trpc.settlement.pathFilter());
      },
    }),
  );
  return (
    <RequestSheet
      title={words.title}
      submit={words.submit}
      sending={sending}
      requestId={sending.data?.requestId}
      onSend={(reason) =>
        sending.mutate({
          mallId: settlement.mallId,
          settlementId: scope === "one" ? settlement.id : null,
          reason,
        })
      }
      onClose={onClose}
    >
      <p className="flex items-baseline justify-between gap-3 rounded-panel bg-sunken px-3 py-2 tabular-nums">
        <span className="min-w-0 truncate">
          {settlement.businessDate} {settlement.mallName}
        </span>
        <Money amountMinor={settlement.payoutMinor} className="font-semibold" />
      </p>
      <RadioCards
        legend={words.scope}
        name="withhold-scope"
        value={scope}
        options={[
          { value: "one", label: words.one, disabled: isOneHeld },
          { value: "mall", label: words.mall, disabled: isMallHeld },
        ]}
        onChange={setScope}
      />
      <Effects
        label={words.effects}
        facts={[
          [words.payout, scope === "one" ? words.payoutOfOne : words.payoutOfMall(settlement.mallName)],
          [words.ledger, words.ledgerBody],
          [words.goesOn, words.goesOnBody],
        ]}
      />
    </RequestSheet>
  );
}

/** Asks another person to let a payout go again. */
export function ReleaseSheet({
  settlement,
  hold,
  onClose,
}: {
  settlement: SettlementDetail;
  hold: SettlementDetail["holds"][number];
  onClose: () => void;
}) {
  const texts = useTexts().settlements;
  const words = texts.release;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const sending = useMutation(
    trpc.settlement.release.mutationOptions({
      onSettled: () => {
        void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
        void queryClient.invalidateQueries(trpc.settlement.pathFilter());
      },
    }),
  );
  return (
    <RequestSheet
      title={words.title}
      submit={words.submit}
      sending={sending}
      requestId={sending.data?.requestId}
      onSend={(reason) => sending.mutate({ holdId: hold.id, reason })}
      onClose={onClose}
    >
      <p className="rounded-panel bg-sunken px-3 py-2">
        <b className="font-semibold">
          {hold.isOfMall ? words.ofMall(settlement.mallName) : texts.page.holdOfOne}
        </b>
        <span className="block text-ink-2 [overflow-wrap:anywhere]">{hold.reason}</span>
      </p>
      <Effects
        label={words.effects}
        facts={[
          [texts.withhold.payout, settlement.holds.length > 1 ? words.stillHeld : words.payout],
          [texts.withhold.ledger, texts.withhold.ledgerBody],
        ]}
      />
    </RequestSheet>
  );
}
