"use client";

import { BeforeAfter } from "#components/change-requests/before-after.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { formatFeeRate } from "#components/malls/fee-rate.ts";
import { usePayoutTermsText } from "#components/malls/payout-terms.ts";
import type { ChangePayload } from "#server/change-requests/change-payloads.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

type Facts = Extract<ChangePayload<"CONTRACT_CHANGE">["change"], { action: "ADD" }>["after"];

/** What approving a change of a contract does: the version that holds, or would, beside the one after it. */
export default function ContractChange({ change }: { change: ChangeDetail }) {
  const { changeRequests, common, malls } = useTexts();
  const words = changeRequests.contractChange;
  const { contracts } = malls;
  const termsText = usePayoutTermsText();
  // The column is JSON; `requestContractChange` writes no other shape.
  const { change: wish } = change.payload as unknown as ChangePayload<"CONTRACT_CHANGE">;
  const before = wish.before;
  const after = wish.action === "ADD" ? wish.after : null;
  const absent = wish.action === "ADD" ? words.none : words.withdrawn;
  const say = (facts: Facts | null, of: (facts: Facts) => string) => (facts ? of(facts) : absent);
  const line = (name: string, of: (facts: Facts) => string) => ({
    name,
    before: say(before, of),
    after: say(after, of),
  });
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview" remark={common.method[wish.method]}>
        {words.title}
      </SectionTitle>
      <div className="flex max-w-140 flex-col gap-3">
        <BeforeAfter
          caption={words.actions[wish.action]}
          rows={[
            line(contracts.sheet.from, ({ effectiveFrom }) => effectiveFrom),
            line(contracts.columns.rate, ({ feeRateE5 }) => formatFeeRate(feeRateE5)),
            line(contracts.columns.rounding, ({ feeRounding }) => contracts.roundings[feeRounding]),
            line(contracts.columns.refundable, ({ isFeeRefundable }) =>
              isFeeRefundable ? contracts.refundable.yes : contracts.refundable.no,
            ),
            line(contracts.columns.lag, (facts) =>
              termsText({
                ...facts,
                // What was not said is what a contract begins with.
                payoutWeekdays: facts.payoutWeekdays ?? [2, 4],
                payoutDayOfMonth: facts.payoutDayOfMonth ?? 31,
                holidayPolicy: facts.holidayPolicy ?? "HOLIDAY_BEFORE",
              }),
            ),
          ]}
        />
        {wish.action === "ADD" && wish.note ? (
          <p className="text-ink-2">
            <span className="text-ink-3">{contracts.sheet.note}</span> {wish.note}
          </p>
        ) : null}
      </div>
    </section>
  );
}
