"use client";

import { ArrowRight, CircleCheck, TriangleAlert } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { RedriveOutcome, RedriveWhy } from "#server/dead-letters/domain/decide-redrive.ts";

export const outcomeLooks = {
  SEND: { tone: "run", icon: ArrowRight },
  CLOSE: { tone: "ok", icon: CircleCheck },
  PERSON: { tone: "warn", icon: TriangleAlert },
} as const satisfies Record<RedriveOutcome, unknown>;

/** What the preview said of a letter; why, on hover and focus. */
export function OutcomeMark({ outcome, why }: { outcome: RedriveOutcome; why: RedriveWhy }) {
  const { deadLetters } = useTexts();
  return (
    <Tooltip content={deadLetters.whys[why]}>
      <span className="inline-flex">
        <ToneBadge level="plain" {...outcomeLooks[outcome]} label={deadLetters.outcomes[outcome]} />
      </span>
    </Tooltip>
  );
}
