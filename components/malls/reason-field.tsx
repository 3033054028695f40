"use client";

import type { RefObject } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { mallReasonLengthMax } from "#server/malls/mall.values.ts";

/** Why a mall is changed; it is asked for once the button was pressed without one. */
export function ReasonField({
  value,
  onChange,
  isMissing,
  placeholder,
  inputRef,
}: {
  value: string;
  onChange: (reason: string) => void;
  isMissing: boolean;
  placeholder: string;
  inputRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const { malls } = useTexts();
  return (
    <Field label={malls.reason} hint={malls.reasonHint} error={isMissing ? malls.reasonMissing : undefined}>
      <Textarea
        ref={inputRef}
        required
        rows={2}
        maxLength={mallReasonLengthMax}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
