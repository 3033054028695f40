"use client";

import { Check, Copy } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useCopy } from "#components/ui/use-copy.ts";

/** Copies `value`; `what` names it for screen readers and the tooltip (`결제키 복사`). */
export function CopyButton({ value, what, className }: { value: string; what: string; className?: string }) {
  const { common } = useTexts();
  const { copied, copy } = useCopy();
  return (
    <>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? common.copied : common.copyOf(what)}
        size="iconSmall"
        {...(className && { className })}
        onClick={() => copy(value)}
      />
      <span role="status" className="sr-only">
        {copied ? common.copied : ""}
      </span>
    </>
  );
}
