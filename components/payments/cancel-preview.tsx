"use client";

import { CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { formatAmount, formatDay, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { classes } from "#components/ui/classes.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Split } from "#server/payments/preview-cancel.ts";
import type { OperatorCancelPreview } from "#server/payments/preview-operator-cancel.ts";

const feeRows = [
  ["fee", "feeMinor", "main"],
  ["feeVat", "feeVatMinor", "part"],
] as const;

const dayMs = 24 * 60 * 60 * 1000;

/** 지금, 변화 and 취소 후 as the server computed them; a preview of earlier input is dimmed until the new one is there. */
export function CancelPreviewTable({
  preview,
  current,
}: {
  preview: OperatorCancelPreview | undefined;
  current: boolean;
}) {
  const words = useTexts().payments.cancel;
  const fee = preview?.fee;
  const rows: readonly (readonly [string, keyof Split, "main" | "part"])[] = [
    [words.balance, "balanceMinor", "main"],
    [words.supplied, "suppliedMinor", "part"],
    [words.vat, "vatMinor", "part"],
    ...(preview && preview.now.taxFreeMinor > 0n
      ? ([[words.taxFreeRow, "taxFreeMinor", "part"]] as const)
      : []),
  ];
  const change = current ? preview?.change : null;
  const after = current ? preview?.after : null;
  const cell = "h-7 whitespace-nowrap pr-3 text-right";
  return (
    <table
      aria-busy={!current || undefined}
      className="w-full border-separate border-spacing-0 overflow-hidden rounded-panel border border-line [&_tr:not(:last-child)>*]:border-line [&_tr:not(:last-child)>*]:border-b"
    >
      <caption className="sr-only">{words.previewCaption}</caption>
      <thead className="bg-sunken text-ink-3 text-meta [&_th]:border-line [&_th]:border-b">
        <tr>
          <th scope="col" className="h-7 px-3 text-left font-medium">
            {words.preview}
          </th>
          <th scope="col" className={classes(cell, "font-medium")}>
            {words.before}
          </th>
          <th scope="col" className={classes(cell, "font-medium")}>
            {words.change}
          </th>
          <th scope="col" className={classes(cell, "font-medium")}>
            {words.after}
          </th>
        </tr>
      </thead>
      <tbody className={current ? undefined : "opacity-60"}>
        {rows.map(([name, field, level]) => (
          <tr key={field} className={level === "part" ? "text-ink-3" : undefined}>
            <th scope="row" className={classes("px-3 text-left font-normal", level === "part" && "pl-6")}>
              {name}
            </th>
            <td className={cell}>
              {preview ? formatAmount(preview.now[field]) : <Skeleton className="ml-auto w-14" />}
            </td>
            <td className={classes(cell, level === "main" && "font-semibold")}>
              {change ? formatAmount(-change[field]) : <Nothing />}
            </td>
            <td className={classes(cell, level === "main" && "font-semibold")}>
              {after ? formatAmount(after[field]) : <Nothing />}
            </td>
          </tr>
        ))}
        {fee ? (
          feeRows.map(([name, field, level]) => (
            <tr key={field} className={level === "part" ? "text-ink-3" : undefined}>
              <th scope="row" className={classes("px-3 text-left font-normal", level === "part" && "pl-6")}>
                {words[name]}
              </th>
              <td className={cell}>{formatAmount(fee.now[field])}</td>
              <td className={cell}>{change ? formatAmount(-fee.back[field]) : <Nothing />}</td>
              <td className={cell}>{after ? formatAmount(fee.after[field]) : <Nothing />}</td>
            </tr>
          ))
        ) : (
          <tr>
            <th scope="row" className="px-3 text-left font-normal">
              {words.fee}
            </th>
            <td colSpan={3} className={classes(cell, "text-ink-3")}>
              {preview ? words.feeLater : <Skeleton className="ml-auto w-14" />}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Nothing() {
  const { common } = useTexts();
  return (
    <span role="img" aria-label={common.notApplicable} className="text-ink-3">
      –
    </span>
  );
}

/**
 * What a person should know before pressing: what is left, whether the approval is acquired and so how the buyer gets the
 * money back, what it does to the settlement, until when, and where it is sent. No figure that nobody knows yet.
 */
export function CancelFacts({
  preview,
  vanCode,
  current,
}: {
  preview: OperatorCancelPreview;
  vanCode: string;
  current: boolean;
}) {
  const { facts } = useTexts().payments.cancel;
  const language = useLanguage();
  const now = useNow();
  const { cancelable, after, statusAfter, acquisition, settlement, change, fee } = preview;
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
      {fee && change && settlement?.kind !== "none" ? (
        <Fact tone={fee.isRefundable ? "ok" : "warn"}>
          {fee.isRefundable ? facts.feeBack(money(fee.back.feeMinor + fee.back.feeVatMinor)) : facts.feeKept}
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
      <Fact>{facts.sends(vanCode)}</Fact>
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
