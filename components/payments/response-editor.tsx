"use client";

import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import { responseMaxMs } from "#server/payments/payment-search.values.ts";

/** Seconds as typed, such as `1.5`, in milliseconds; null when they are none. */
function readSeconds(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(trimmed)) return null;
  const ms = Math.round(Number(trimmed) * 1_000);
  return ms <= responseMaxMs ? ms : null;
}

const secondsOf = (ms: number | undefined) => (ms === undefined ? "" : String(ms / 1_000));

/** Chooses how long an approval took, in seconds; either end may stay open. */
export function ResponseEditor({
  minMs,
  maxMs,
  onApply,
}: {
  minMs: number | undefined;
  maxMs: number | undefined;
  onApply: (range: Pick<PaymentFilterInput, "responseMinMs" | "responseMaxMs">) => void;
}) {
  const { common, paymentList } = useTexts();
  const words = paymentList.response;
  const [typed, setTyped] = useState({ min: secondsOf(minMs), max: secondsOf(maxMs) });
  const [errors, setErrors] = useState<{ min?: string; max?: string }>({});
  const apply = () => {
    const low = typed.min.trim() === "" ? undefined : readSeconds(typed.min);
    const high = typed.max.trim() === "" ? undefined : readSeconds(typed.max);
    if (low === null || high === null)
      return setErrors({
        ...(low === null && { min: words.invalid }),
        ...(high === null && { max: words.invalid }),
      });
    if (low !== undefined && high !== undefined && high < low) return setErrors({ max: words.reversed });
    onApply({ responseMinMs: low, responseMaxMs: high });
  };
  return (
    <div className="flex flex-col gap-2">
      {(["min", "max"] as const).map((end) => (
        <Field key={end} label={words[end]} error={errors[end]}>
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={typed[end]}
            onChange={(event) => setTyped({ ...typed, [end]: event.target.value })}
            onKeyDown={(event) => event.key === "Enter" && apply()}
          />
        </Field>
      ))}
      <Button look="primary" size="small" className="self-end" onClick={apply}>
        {common.apply}
      </Button>
    </div>
  );
}
