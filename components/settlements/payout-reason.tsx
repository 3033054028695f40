"use client";

import { useQuery } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { PayoutExplanation } from "#server/settlement/explain-payout.ts";

/** The payout date and each reason for it, in the order in which they apply. */
export function PayoutReason({ settlementId }: { settlementId: string }) {
  const { why } = useTexts().settlements;
  const trpc = useTRPC();
  const query = useQuery(trpc.settlement.explainPayout.queryOptions({ settlementId }));
  if (query.isError)
    return (
      <QueryError
        error={query.error}
        title={why.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
        compact
      />
    );
  if (!query.data)
    return (
      // As high as a date, two reasons and where they come from.
      <div className="flex min-h-[82px] flex-col gap-2 pt-1">
        <Skeleton className="w-1/3" />
        <Skeleton className="w-2/3" />
        <Skeleton className="w-1/2" />
      </div>
    );
  if (query.data.payoutDate === null || query.data.contract === null)
    return <p className="text-ink-3">{why.none}</p>;
  return <Reason payout={query.data} contract={query.data.contract} date={query.data.payoutDate} />;
}

function Reason({
  payout: { businessDate, lagEndsOn, closedDays, calendarVersion },
  contract,
  date,
}: {
  payout: PayoutExplanation;
  contract: NonNullable<PayoutExplanation["contract"]>;
  date: string;
}) {
  const { why } = useTexts().settlements;
  const reasons = [
    lagEndsOn && why.lag(contract.lagBusinessDays, lagEndsOn),
    contract.cycle === "WEEKLY" &&
      why.weekly(contract.payoutWeekdays.map((weekday) => why.weekdays[weekday - 1] ?? "").join(" · ")),
    contract.cycle === "MONTHLY" && why.monthly(contract.payoutDayOfMonth),
    contract.cycle !== "DAILY" && why.policies[contract.holidayPolicy],
  ].filter((reason) => typeof reason === "string");
  return (
    <div className="tabular-nums">
      <p>
        <b className="whitespace-nowrap font-semibold text-figure">{date}</b>{" "}
        <span className="text-ink-3">
          <DatesInText>{why.base(businessDate)}</DatesInText>
        </span>
      </p>
      <ul className="text-ink-2">
        {reasons.map((reason) => (
          <li key={reason}>
            <DatesInText>{reason}</DatesInText>
          </li>
        ))}
      </ul>
      {closedDays.length === 0 ? (
        <p className="text-ink-2">{why.noneClosed}</p>
      ) : (
        <p className="text-ink-2">
          {why.closed}{" "}
          {closedDays
            .map(({ date: day, why: name }) => `${day.slice(5)} ${name === "WEEKEND" ? why.weekend : name}`)
            .join(", ")}
        </p>
      )}
      <p className="text-ink-3 text-meta">
        <DatesInText>{`${why.contract(contract.effectiveFrom)} · ${why.calendar(calendarVersion)}`}</DatesInText>
      </p>
    </div>
  );
}
