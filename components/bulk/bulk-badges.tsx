"use client";

import {
  CircleCheck,
  CircleMinus,
  CirclePause,
  CircleStop,
  CircleX,
  Clock,
  Contrast,
  PencilLine,
  RotateCw,
} from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import type { BulkRunState, PlannedOutcome, RowOutcome } from "#server/bulk/bulk.values.ts";

const stateLooks = {
  RUNNING: { level: "tint", tone: "run", icon: RotateCw },
  PAUSED: { level: "tint", tone: "warn", icon: CirclePause },
  STOPPED: { level: "plain", tone: "mute", icon: CircleStop },
  FINISHED: { level: "plain", tone: "ok", icon: CircleCheck },
} as const satisfies Record<BulkRunState, unknown>;

const plannedLooks = {
  CANCEL: { level: "plain", tone: "run", icon: CircleCheck },
  ALREADY: { level: "plain", tone: "mute", icon: CircleMinus },
  AMOUNT: { level: "tint", tone: "warn", icon: PencilLine },
  NOT_CANCELABLE: { level: "plain", tone: "bad", icon: CircleX },
} as const satisfies Record<PlannedOutcome, unknown>;

const outcomeLooks = {
  WAITING: { level: "plain", tone: "mute", icon: Clock },
  RUNNING: { level: "tint", tone: "run", icon: Contrast },
  DONE: { level: "plain", tone: "ok", icon: CircleCheck },
  REFUSED: { level: "plain", tone: "bad", icon: CircleX },
  UNKNOWN: { level: "solid", tone: "unk", icon: DiamondQuestion },
  NOT_RUN: { level: "plain", tone: "mute", icon: CircleStop },
  LEFT_OUT: { level: "plain", tone: "mute", icon: CircleMinus },
} as const satisfies Record<RowOutcome, unknown>;

/** How a bulk cancel stands. */
export function RunStateBadge({ state, large = false }: { state: BulkRunState; large?: boolean }) {
  const { states } = useTexts().bulk;
  return <ToneBadge {...stateLooks[state]} label={states[state]} size={large ? "large" : "normal"} />;
}

/** What a dry run says of a payment. */
export function PlannedBadge({ outcome }: { outcome: PlannedOutcome }) {
  const { planned } = useTexts().bulk;
  return <ToneBadge {...plannedLooks[outcome]} label={planned[outcome]} />;
}

/** What became of a payment of a bulk cancel. */
export function OutcomeBadge({ outcome }: { outcome: RowOutcome }) {
  const { outcomes } = useTexts().bulk;
  return <ToneBadge {...outcomeLooks[outcome]} label={outcomes[outcome]} />;
}

/** Why a payment was not cancelled, in words; the code itself where there are none. */
export function useWhy(): (code: string | null) => string {
  const { bulk, payments, refusals } = useTexts();
  return (code) =>
    code === null
      ? ""
      : (bulk.codes[code] ??
        payments.page.whyNot[code] ??
        (refusals as Readonly<Record<string, string>>)[code] ??
        code);
}
