"use client";

import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";

/** What pressing the button does: cancels, asks another person, or changes what was asked. */
type Deed = "cancel" | "request" | "edit";

/** The end of the sheet: what cannot be undone, the way out, and the button that names amount and verb. `isHeld`: nothing to press yet. */
export function CancelFooter({
  does,
  amountMinor,
  isSending,
  isHeld,
  onClose,
  onSubmit,
}: {
  does: Deed;
  amountMinor: bigint | null;
  isSending: boolean;
  isHeld: boolean;
  onClose: () => void;
  onSubmit: () => void;
}) {
  const { common, changeRequests, payments } = useTexts();
  const words = payments.cancel;
  const asking = changeRequests.cancel;
  const language = useLanguage();
  const amount = amountMinor === null ? null : formatMoney(amountMinor, language);
  const label = {
    cancel: () => (isSending ? words.sending : amount === null ? words.submitEmpty : words.submit(amount)),
    request: () =>
      isSending ? asking.sending : amount === null ? asking.submitEmpty : asking.submit(amount),
    edit: () => (amount === null ? asking.editTitle : asking.editSubmit(amount)),
  }[does];
  return (
    <>
      <p className="w-full text-ink-3 text-meta">{does === "cancel" ? words.footer : asking.footer}</p>
      <Button size="large" disabled={isSending} onClick={onClose}>
        {common.close}
      </Button>
      <Button
        look={does === "cancel" ? "dangerSolid" : "primary"}
        size="large"
        className="flex-1"
        disabled={isHeld && !isSending}
        busy={isSending}
        onClick={onSubmit}
      >
        {label()}
      </Button>
    </>
  );
}

/** The same while an answer is lost: the one thing to press asks what became of what was sent. */
export function UnansweredFooter({
  kind,
  isSending,
  onClose,
  onAgain,
}: {
  kind: "cancel" | "request";
  isSending: boolean;
  onClose: () => void;
  onAgain: () => void;
}) {
  const { common, changeRequests, payments } = useTexts();
  return (
    <>
      <Button size="large" disabled={isSending} onClick={onClose}>
        {common.close}
      </Button>
      <Button look="primary" size="large" className="flex-1" busy={isSending} onClick={onAgain}>
        {isSending
          ? payments.cancel.checking
          : kind === "cancel"
            ? payments.cancel.checkAgain
            : changeRequests.cancel.checkAgain}
      </Button>
    </>
  );
}
