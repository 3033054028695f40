"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

/** Copies `value`; `what` names it for screen readers and the tooltip (`결제키 복사`). */
export function CopyButton({ value, what, className }: { value: string; what: string; className?: string }) {
  const { common } = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? common.copied : common.copyOf(what)}
        size="iconSmall"
        {...(className && { className })}
        onClick={() => {
          navigator.clipboard.writeText(value).then(
            () => setCopied(true),
            // Without permission the value stays on the screen to be selected by hand.
            () => setCopied(false),
          );
        }}
      />
      <span role="status" className="sr-only">
        {copied ? common.copied : ""}
      </span>
    </>
  );
}
