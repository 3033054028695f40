"use client";

import { CircleCheck, CircleDashed, Contrast, type LucideIcon, Unplug } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { CircuitState } from "#server/van/domain/circuit.ts";

const looks: Readonly<Record<CircuitState, { level: Level; tone: Tone; icon: LucideIcon }>> = {
  CLOSED: { level: "plain", tone: "ok", icon: CircleCheck },
  HALF_OPEN: { level: "tint", tone: "warn", icon: Contrast },
  OPEN: { level: "tint", tone: "bad", icon: Unplug },
};
const unknownLook = { level: "tint", tone: "mute", icon: CircleDashed } as const;

/** The state of a circuit: icon, word and tone. `null` where no process has told. */
export function CircuitLamp({ state, size }: { state: CircuitState | null; size?: "normal" | "large" }) {
  const { vans } = useTexts();
  return (
    <ToneBadge
      {...(state === null ? unknownLook : looks[state])}
      label={state === null ? vans.notReported : vans.states[state]}
      {...(size && { size })}
    />
  );
}
