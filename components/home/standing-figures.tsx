"use client";

import { Figure, FigureGrid } from "#components/home/figure.tsx";
import { settlementsHref } from "#components/home/list-href.ts";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import type { HomeFigures } from "#server/reports/home-queries.ts";

/** What is open at this moment, of whatever day. */
export function StandingFigures({
  figures,
  unknown,
}: {
  figures: HomeFigures | undefined;
  /** How many outcomes are not known. */
  unknown: number | undefined;
}) {
  const { home } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const { parkedDeadLetters, oldestUnresolved: oldest, payouts } = figures ?? {};
  const unknownRemarks = useUnknownRemarks(unknown, figures?.unresolvedHandedOver);
  const age = (since: Date) => {
    const clock = now ?? figures?.asOf ?? since;
    // Whole seconds: it counts on every second.
    return Math.max(0, Math.floor((clock.getTime() - since.getTime()) / 1_000)) * 1_000;
  };
  return (
    <section aria-labelledby="now">
      <SectionTitle id="now" remark={home.nowRemark}>
        {home.now}
      </SectionTitle>
      <FigureGrid>
        <Figure
          label={home.unknown}
          href={unknown === undefined ? undefined : "/unknown"}
          value={unknown === undefined ? undefined : home.countOf(unknown)}
          remarks={unknownRemarks}
          loud={(unknown ?? 0) > 0}
        />
        <Figure
          label={home.deadLetters}
          href={parkedDeadLetters === undefined ? undefined : "/dead-letters?status=PARKED"}
          value={parkedDeadLetters === undefined ? undefined : home.countOf(parkedDeadLetters)}
          remarks={
            parkedDeadLetters === undefined
              ? []
              : [parkedDeadLetters > 0 ? home.deadLettersSome : home.deadLettersNone]
          }
        />
        <Figure
          label={home.oldest}
          href={figures && (oldest ? `/payments/${oldest.paymentId}` : "/unknown")}
          value={figures && (oldest ? formatDuration(age(oldest.since), language) : home.oldestNone)}
          remarks={oldest ? [home.oldestOf(oldest.orderId, oldest.mallName, oldest.amountMinor)] : []}
        />
        <Figure
          label={home.payouts}
          href={payouts && settlementsHref(payouts.list)}
          value={payouts && home.countOf(payouts.count)}
          remarks={
            payouts
              ? [
                  payouts.count > 0 ? home.payoutsDue(payouts.payoutMinor) : home.payoutsNone,
                  payouts.next &&
                    home.nextPayout(
                      payouts.next.payoutDate.slice(5),
                      payouts.next.count,
                      payouts.next.payoutMinor,
                    ),
                ]
              : []
          }
        />
      </FigureGrid>
    </section>
  );
}

/** What becomes of the outcomes that are not known: the VAN is being asked, or a person has to. */
function useUnknownRemarks(unknown: number | undefined, given: number | undefined): readonly string[] {
  const { home } = useTexts();
  if (unknown === 0) return [home.unknownNone];
  if (unknown === undefined || given === undefined) return [];
  // The two are read a moment apart.
  const handedOver = Math.min(given, unknown);
  if (handedOver === 0) return [home.unknownChecked];
  if (handedOver === unknown) return [home.unknownHandedOver];
  return [home.unknownCheckedOf(unknown - handedOver), home.unknownHandedOverOf(handedOver)];
}
