"use client";

import { BadgeCheck, CircleCheck, CircleDashed, Hand, Loader, type LucideIcon } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { SettlementState, SettlementStatus } from "#server/settlement/settlement.values.ts";

const looks: Readonly<Record<SettlementState, Readonly<{ level: Level; tone: Tone; icon: LucideIcon }>>> = {
  COLLECTED: { level: "tint", tone: "run", icon: Loader },
  DRAFT: { level: "plain", tone: "mute", icon: CircleDashed },
  CONFIRMED: { level: "plain", tone: "run", icon: CircleCheck },
  PAID_OUT: { level: "plain", tone: "ok", icon: BadgeCheck },
  WITHHELD: { level: "tint", tone: "warn", icon: Hand },
};

/** The state of a settlement; one that is kept back says beside it how far it was. */
export function SettlementBadge({
  settlement: { state, status },
  size = "normal",
}: {
  settlement: Readonly<{ state: SettlementState; status: SettlementStatus }>;
  size?: "normal" | "large";
}) {
  const { states } = useTexts().settlements;
  return (
    <ToneBadge
      {...looks[state]}
      label={states[state]}
      note={state === "WITHHELD" ? states[status] : undefined}
      size={size}
    />
  );
}
