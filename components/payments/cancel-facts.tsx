"use client";

import { CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { formatDay, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { classes } from "#components/ui/classes.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import type { OperatorCancelPreview } from "#server/payments/preview-operator-cancel.ts";

/** How a cancel comes to be sent from where its facts are shown. */
export type CancelStage = "direct" | "asking" | "deciding";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * What a person should know before pressing: what is left, whether the approval is acquired and so how the buyer gets the
 * money back, what it does to the settlement, until when, and who sends it where. No figure that nobody knows yet. `stage`: it is sent at
 * once, by asking a second person first, or by the decision of that person.
 */
export function CancelFacts({
  preview,
  stage,
  current,
}: {
  preview: OperatorCancelPreview;
  stage: CancelStage;
  current: boolean;
}) {
  const { facts } = useTexts().payments.cancel;
  const language = useLanguage();
  const now = useNow();
  const { cancelable, after, statusAfter, acquisition, settlement, change, settled, vanCode } = preview;
  const day = (date: string) => formatDay(new Date(`${date}T00:00:00+09:00`), language);
  const money = (amountMinor: bigint) => formatMoney(amountMinor, language);
  const daysLeft =
    cancelable.until && now ? Math.floor((cancelable.until.getTime() - now.getTime()) / dayMs) : undefined;
  return (
    <ul className={classes("grid gap-1.5", !current && "opacity-60")}>
      {statusAfter === "CANCELED" ? <Fact tone="warn">{facts.closes}</Fact> : null}
      {after && statusAfter === "PARTIAL_CANCELED" ? (
        <Fact>{facts.leaves(money(after.balanceMinor))}</Fact>
      ) : null}
      {acquisition ? (
        <Fact tone={acquisition.isAcquired ? "warn" : "ok"}>
          {acquisition.isAcquired
            ? facts.acquired(day(acquisition.approvalDate))
            : facts.notAcquired(day(acquisition.approvalDate))}{" "}
          {settlement ? (settlement.kind === "none" ? facts.notCharged : facts.refundDays) : null}
        </Fact>
      ) : null}
      {settlement && acquisition && change && after ? (
        <Fact>
          {settlement.kind === "none"
            ? facts.settlementNone(day(settlement.date))
            : settlement.kind === "remainder"
              ? facts.settlementRemainder(day(settlement.date), money(after.balanceMinor))
              : facts.settlementDeduction(
                  day(settlement.date),
                  money(change.balanceMinor),
                  day(acquisition.approvalDate),
                )}
        </Fact>
      ) : null}
      {settled && change && settlement?.kind !== "none" ? (
        <Fact tone={settled.isFeeRefundable ? "ok" : "warn"}>
          {settled.isFeeRefundable
            ? facts.feeBack(money(-settled.change.feeMinor - settled.change.feeVatMinor))
            : facts.feeKept}
        </Fact>
      ) : null}
      <Fact>
        <DatesInText>
          {[
            cancelable.until &&
              facts.until(seoulDate(cancelable.until)) +
                (daysLeft === undefined ? "" : ` (${facts.daysLeft(daysLeft)})`),
            cancelable.partial ? facts.partialAllowed : facts.fullOnly,
            facts.noOpenCancel,
          ]
            .filter(Boolean)
            .join(" · ")}
        </DatesInText>
      </Fact>
      <Fact tone={stage === "asking" ? "warn" : "ok"}>{facts.sends[stage](vanCode)}</Fact>
    </ul>
  );
}

function Fact({ tone = "ok", children }: { tone?: "ok" | "warn"; children: ReactNode }) {
  const Icon = tone === "warn" ? Info : CircleCheck;
  return (
    <li className="flex gap-2">
      <Icon
        aria-hidden
        className={classes("mt-0.5 size-4 shrink-0", tone === "warn" ? "text-warn" : "text-ok")}
        strokeWidth={1.5}
      />
      <span className="min-w-0">{children}</span>
    </li>
  );
}
