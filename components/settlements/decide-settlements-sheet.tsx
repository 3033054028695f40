"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { RequestSheet } from "#components/settlements/request-sheet.tsx";
import { bookingsOf, type Decision } from "#components/settlements/settlement-bookings.ts";
import { BookingTable, Effects } from "#components/settlements/settlement-effects.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import type { SettlementRow } from "#server/settlement/settlement-queries.ts";

const shownAtOnce = 5;
const kinds = { confirm: "SETTLEMENT_CONFIRM", payOut: "SETTLEMENT_PAYOUT" } as const;

/** Asks another person to confirm drafts, or to pay confirmed settlements out, one or several: all of them or none. */
export function DecideSettlementsSheet({
  decision,
  settlements,
  onRequested,
  onClose,
}: {
  decision: Decision;
  settlements: readonly SettlementRow[];
  onRequested?: () => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const words = texts.settlements.decide;
  const { changeRequests } = texts;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const open = useQuery(
    trpc.settlement.openRequests.queryOptions(
      { settlementIds: settlements.map(({ id }) => id) },
      { staleTime: 0 },
    ),
  );
  const options = {
    onSuccess: () => onRequested?.(),
    onSettled: () => {
      void queryClient.invalidateQueries(trpc.changeRequest.pathFilter());
      void queryClient.invalidateQueries(trpc.settlement.openRequests.queryFilter());
    },
  };
  const confirming = useMutation(trpc.settlement.confirm.mutationOptions(options));
  const paying = useMutation(trpc.settlement.payOut.mutationOptions(options));
  const sending = decision === "confirm" ? confirming : paying;
  const payoutMinor = settlements.reduce((sum, one) => sum + one.payoutMinor, 0n);
  const money = formatMoney(payoutMinor, language);
  const already = (open.data ?? []).filter(({ kind }) => kind === kinds[decision]);
  const [first, ...others] = [...new Set(settlements.map(({ payoutDate }) => payoutDate ?? ""))].sort();
  const carried = settlements.filter(({ carriedOutMinor }) => carriedOutMinor !== 0n);
  return (
    <RequestSheet
      title={words[decision].title(settlements.length)}
      submit={words[decision].submit(settlements.length, money)}
      sending={sending}
      requestId={sending.data?.requestId}
      blocked={already.length > 0}
      onSend={(reason) =>
        sending.mutate({ reason, settlements: settlements.map(({ id, hash }) => ({ id, hash: hash ?? "" })) })
      }
      onClose={onClose}
    >
      <div className="rounded-panel bg-sunken px-3 py-2 tabular-nums">
        <ul aria-label={words.list}>
          {settlements.slice(0, shownAtOnce).map((one) => (
            <li key={one.id} className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">
                {one.businessDate} {one.mallName}
              </span>
              <Money amountMinor={one.payoutMinor} />
            </li>
          ))}
        </ul>
        {settlements.length > shownAtOnce ? (
          <p className="text-ink-3">{words.more(settlements.length - shownAtOnce)}</p>
        ) : null}
        {settlements.length > 1 ? (
          <p className="mt-1 flex justify-between border-line-2 border-t pt-1 font-semibold">
            <span>{words.sum(settlements.length)}</span>
            <Money amountMinor={payoutMinor} />
          </p>
        ) : null}
      </div>
      {already.map(({ requestId, makerName }) => (
        <Note key={requestId} tone="warn">
          {words.already(makerName)}{" "}
          <Link href={`/change-requests/${requestId}`} className="underline underline-offset-2">
            {changeRequests.cancel.see}
          </Link>
        </Note>
      ))}
      <Effects
        label={words.effects}
        facts={[
          [words.ledger, words[decision].ledger],
          [
            words.payout,
            decision === "confirm"
              ? words.confirm.payout(first ?? "", others.at(-1))
              : words.payOut.payout(money),
          ],
          [words.after, words[decision].after],
        ]}
      />
      <BookingTable bookings={bookingsOf(decision, settlements)} />
      {decision === "confirm" && carried.length > 0 ? <Note>{words.carried(carried.length)}</Note> : null}
    </RequestSheet>
  );
}
