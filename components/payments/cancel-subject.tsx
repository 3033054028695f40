"use client";

import { formatDateHeading, formatMinute, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { methodLabel } from "#components/payments/payment-method.ts";
import { TimeInText } from "#components/ui/date-time.tsx";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

/** Whose payment is about to be cancelled, and which. */
export function CancelSubject({ record }: { record: PaymentRecord }) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <p className="rounded-panel bg-sunken px-3 py-2">
      <b className="font-semibold">{formatMoney(record.amountMinor, language)}</b> {record.mall.name} ·{" "}
      {methodLabel(
        {
          method: record.method,
          issuerName: record.card?.issuerName ?? null,
          cardLast4: record.card?.last4 ?? null,
        },
        texts,
      )}
      {record.customer.name ? ` · ${record.customer.name}` : null}
      <span className="block text-ink-3">
        {record.orderId}
        {record.approvedAt ? (
          <>
            {" · "}
            <TimeInText
              at={record.approvedAt}
              format={(at) => `${formatDateHeading(at, language).slice(5)} ${formatMinute(at)}`}
              say={texts.payments.cancel.approvedAt}
            />
          </>
        ) : null}
      </span>
    </p>
  );
}
