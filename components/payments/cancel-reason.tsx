"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { Field, Input, Select } from "#components/ui/field.tsx";
import { cancelReasonMax } from "#server/payments/payment-search.values.ts";

/** The choice of a reason that is in no list: it is written instead. */
export const otherReason = "other";

/** Why a payment is cancelled: one of the frequent reasons with details if any, or written out. */
export function CancelReason({
  preset,
  text,
  errors,
  onPresetChange,
  onTextChange,
}: {
  preset: string;
  text: string;
  errors: Readonly<{ preset: string | undefined; reason: string | undefined }>;
  onPresetChange: (preset: string) => void;
  onTextChange: (text: string) => void;
}) {
  const words = useTexts().payments.cancel;
  return (
    <>
      <Field label={words.reason} hint={words.reasonHint} error={errors.preset}>
        <Select value={preset} onChange={(event) => onPresetChange(event.target.value)}>
          <option value="" disabled>
            {words.reasonChoose}
          </option>
          {words.reasons.map((reason) => (
            <option key={reason} value={reason}>
              {reason}
            </option>
          ))}
          <option value={otherReason}>{words.reasonOther}</option>
        </Select>
      </Field>
      {preset === "" ? null : (
        <Field
          label={preset === otherReason ? words.reasonDetail : words.reasonDetailOptional}
          error={errors.reason}
        >
          <Input
            value={text}
            maxLength={cancelReasonMax}
            autoComplete="off"
            onChange={(event) => onTextChange(event.target.value)}
          />
        </Field>
      )}
    </>
  );
}
