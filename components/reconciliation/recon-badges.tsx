"use client";

import {
  ArrowLeftRight,
  BadgeCheck,
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  FileQuestion,
  Hourglass,
  LockKeyhole,
  type LucideIcon,
  Percent,
  Scale,
} from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { type DayStanding, standingOf } from "#components/reconciliation/day-standing.ts";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { ItemState, ReconClass } from "#server/reconciliation/reconciliation.values.ts";

type Look = Readonly<{ level: Level; tone: Tone; icon: LucideIcon }>;

/** As design §4 has them: money at the VAN that we do not have is the loudest. */
const classLooks: Readonly<Record<ReconClass, Look>> = {
  ONLY_VAN: { level: "solid", tone: "unk", icon: DiamondQuestion },
  STATUS_DIFF: { level: "tint", tone: "bad", icon: ArrowLeftRight },
  AMOUNT_DIFF: { level: "tint", tone: "bad", icon: Scale },
  ONLY_OURS: { level: "tint", tone: "bad", icon: CircleSlash },
  FEE_DIFF: { level: "tint", tone: "warn", icon: Percent },
  DATE_SHIFT: { level: "tint", tone: "warn", icon: CalendarClock },
  MATCHED: { level: "plain", tone: "ok", icon: CircleCheck },
};

const stateLooks: Readonly<Record<ItemState, Look>> = {
  OPEN: { level: "plain", tone: "bad", icon: CircleAlert },
  WAITING: { level: "tint", tone: "warn", icon: Hourglass },
  EXPLAINED: { level: "plain", tone: "ok", icon: BadgeCheck },
};

const standingLooks: Readonly<Record<DayStanding, Look>> = {
  CLOSED: { level: "plain", tone: "ok", icon: LockKeyhole },
  NO_FILE: { level: "tint", tone: "warn", icon: FileQuestion },
  DIFFERS: { level: "tint", tone: "bad", icon: CircleAlert },
  NO_DEPOSIT: { level: "plain", tone: "mute", icon: CircleDashed },
  READY: { level: "plain", tone: "run", icon: CircleCheck },
};

/** What became of a record. One that is explained is quiet, whatever it was. */
export function ClassBadge({ item }: { item: Readonly<{ class: ReconClass; state: ItemState }> }) {
  const { classes } = useTexts().reconciliation;
  const look = classLooks[item.class];
  const isQuiet = item.state === "EXPLAINED";
  return (
    <ToneBadge
      level={isQuiet ? "plain" : look.level}
      tone={isQuiet ? "mute" : look.tone}
      icon={look.icon}
      label={classes[item.class]}
    />
  );
}

/** Whether somebody has to look at an item still. */
export function ItemStateBadge({ state }: { state: ItemState }) {
  const { itemStates } = useTexts().reconciliation;
  return <ToneBadge {...stateLooks[state]} label={itemStates[state]} />;
}

/** How far a day is from being closed. */
export function DayBadge({
  day,
  size = "normal",
}: {
  day: Parameters<typeof standingOf>[0];
  size?: "normal" | "large";
}) {
  const { dayStates } = useTexts().reconciliation;
  const standing = standingOf(day);
  return <ToneBadge {...standingLooks[standing]} label={dayStates[standing]} size={size} />;
}
