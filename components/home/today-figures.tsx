"use client";

import { changeRate, pointChange } from "#components/home/change.ts";
import { Figure, FigureGrid } from "#components/home/figure.tsx";
import { paymentsHref } from "#components/home/list-href.ts";
import { formatDay, formatMinute, formatMoney, formatRate } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import type { HomeFigures } from "#server/reports/home-queries.ts";

/** The business day so far, each figure beside the same weekday last week until the same time. */
export function TodayFigures({ figures }: { figures: HomeFigures | undefined }) {
  const { home } = useTexts();
  const language = useLanguage();
  const counts = (today: number, before: number) => [
    home.lastWeekCount(before),
    today === before ? home.same : home.countChange(today - before, changeRate(today, before)),
  ];
  const { approvals, amount, approvalRate, cancels } = figures ?? {};
  const points = approvalRate ? pointChange(approvalRate.rate, approvalRate.rateBefore) : null;
  return (
    <section aria-labelledby="today">
      <SectionTitle
        id="today"
        remark={
          figures ? (
            <TimeInText
              at={figures.comparedTo}
              format={formatMinute}
              say={(minute) => home.comparedWith(formatDay(figures.comparedTo, language), minute)}
            />
          ) : (
            " "
          )
        }
      >
        {home.today}
      </SectionTitle>
      <FigureGrid>
        <Figure
          label={home.approvals}
          href={approvals && paymentsHref(approvals.list)}
          value={approvals && home.countOf(approvals.count)}
          remarks={approvals ? counts(approvals.count, approvals.countBefore) : []}
        />
        <Figure
          label={home.amount}
          href={amount && paymentsHref(amount.list)}
          value={amount && formatMoney(amount.amountMinor, language)}
          remarks={
            amount
              ? [
                  home.lastWeek(formatMoney(amount.amountBeforeMinor, language)),
                  amount.amountMinor === amount.amountBeforeMinor
                    ? home.same
                    : home.amountChange(
                        amount.amountMinor - amount.amountBeforeMinor,
                        changeRate(Number(amount.amountMinor), Number(amount.amountBeforeMinor)),
                      ),
                ]
              : []
          }
        />
        <Figure
          label={home.approvalRate}
          href={approvalRate && paymentsHref(approvalRate.list)}
          value={approvalRate && (approvalRate.rate === null ? "–" : formatRate(approvalRate.rate))}
          remarks={
            approvalRate
              ? [
                  approvalRate.rate === null ? home.noRate : home.unapproved(approvalRate.unapproved),
                  approvalRate.rateBefore === null
                    ? null
                    : [home.lastWeek(formatRate(approvalRate.rateBefore)), points && home.points(points)]
                        .filter(Boolean)
                        .join(" · "),
                ]
              : []
          }
        />
        <Figure
          label={home.cancels}
          href={cancels && paymentsHref(cancels.list)}
          value={cancels && home.countOf(cancels.count)}
          remarks={
            cancels
              ? [
                  [
                    home.lastWeekCount(cancels.countBefore),
                    cancels.count === cancels.countBefore
                      ? null
                      : home.countChange(cancels.count - cancels.countBefore, null),
                  ]
                    .filter(Boolean)
                    .join(" · "),
                  home.canceledAmount(cancels.amountMinor),
                ]
              : []
          }
        />
      </FigureGrid>
    </section>
  );
}
