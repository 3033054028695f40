"use client";

import {
  CircleCheck,
  CircleMinus,
  CircleX,
  Clock,
  Contrast,
  Hourglass,
  type LucideIcon,
  ShieldX,
  Stamp,
} from "lucide-react";
import { formatCountdown } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { ChangeStatus } from "#server/change-requests/change-kinds.values.ts";

const looks: Readonly<Record<ChangeStatus, { level: Level; tone: Tone; icon: LucideIcon }>> = {
  PENDING: { level: "tint", tone: "warn", icon: Hourglass },
  APPROVED: { level: "plain", tone: "run", icon: Stamp },
  RUNNING: { level: "tint", tone: "run", icon: Contrast },
  DONE: { level: "plain", tone: "ok", icon: CircleCheck },
  REFUSED: { level: "plain", tone: "bad", icon: ShieldX },
  REJECTED: { level: "plain", tone: "bad", icon: CircleX },
  EXPIRED: { level: "plain", tone: "mute", icon: Clock },
  WITHDRAWN: { level: "plain", tone: "mute", icon: CircleMinus },
};

/** The state of a request; a pending one says how long it still waits, and one whose time is over reads as expired. */
export function ChangeStatusBadge({
  status,
  expiresAt,
  size,
}: {
  status: ChangeStatus;
  expiresAt: Date;
  size?: "normal" | "large";
}) {
  const { changeRequests } = useTexts();
  const now = useNow();
  const leftMs = now ? expiresAt.getTime() - now.getTime() : null;
  const shown = status === "PENDING" && leftMs !== null && leftMs <= 0 ? "EXPIRED" : status;
  return (
    <ToneBadge
      {...looks[shown]}
      label={changeRequests.statuses[shown]}
      note={shown === "PENDING" && leftMs !== null ? changeRequests.left(formatCountdown(leftMs)) : undefined}
      {...(size && { size })}
    />
  );
}
