"use client";

import { CircleCheck } from "lucide-react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";

/** How a cancel ended, as the server said it. */
export type CancelResult = Readonly<{
  result: "succeeded" | "failed" | "unknown";
  balanceMinor: bigint;
  amountMinor: bigint;
  failureCode: string | null;
  traceId: string;
}>;

/** The end of a cancel, in place of its form: what happened to the money, and that nothing is left to press. */
export function CancelResultNote({ result }: { result: CancelResult }) {
  const texts = useTexts();
  const words = texts.payments.cancel;
  const language = useLanguage();
  switch (result.result) {
    case "succeeded":
      return (
        <div role="status" className="flex gap-2.5 rounded-panel bg-ok-bg px-4 py-3">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.75} />
          <div>
            <p className="font-semibold">{words.done(formatMoney(result.amountMinor, language))}</p>
            <p className="text-ink-2">{words.doneBalance(formatMoney(result.balanceMinor, language))}</p>
          </div>
        </div>
      );
    case "unknown":
      return (
        <div role="status" className="flex gap-2.5 rounded-panel bg-unk-bg px-4 py-3">
          <DiamondQuestion aria-hidden className="mt-0.5 size-4 shrink-0 text-unk" strokeWidth={1.75} />
          <div>
            <p className="font-semibold">{words.unknown}</p>
            <p className="text-ink-2">{words.unknownBody}</p>
          </div>
        </div>
      );
    case "failed": {
      const why = result.failureCode
        ? (texts.refusals[result.failureCode as keyof typeof texts.refusals] ?? result.failureCode)
        : null;
      return (
        <ErrorBlock title={words.failed} traceId={result.traceId}>
          {why ?? words.failedBody}
        </ErrorBlock>
      );
    }
  }
}
