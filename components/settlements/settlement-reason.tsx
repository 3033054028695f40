"use client";

import type { RefObject } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { settlementReasonLengthMax } from "#server/settlement/settlement.values.ts";

/** Why something is done with a settlement; it is asked for once the button was pressed without one. */
export function SettlementReason({
  value,
  onChange,
  isMissing,
  inputRef,
}: {
  value: string;
  onChange: (reason: string) => void;
  isMissing: boolean;
  inputRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const { reason } = useTexts().settlements;
  return (
    <Field label={reason.label} hint={reason.hint} error={isMissing ? reason.missing : undefined}>
      <Textarea
        ref={inputRef}
        required
        rows={2}
        maxLength={settlementReasonLengthMax}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
