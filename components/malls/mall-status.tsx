"use client";

import { CircleCheck, CirclePause } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import type { MallStatus } from "#server/malls/mall.values.ts";

/** Whether a mall takes new payments: a mall that does is quiet. */
export function MallStatusBadge({ status, size }: { status: MallStatus; size?: "normal" | "large" }) {
  const { statuses } = useTexts().malls;
  return (
    <ToneBadge
      {...(status === "ACTIVE"
        ? { level: "plain" as const, tone: "ok" as const, icon: CircleCheck }
        : { level: "tint" as const, tone: "warn" as const, icon: CirclePause })}
      label={statuses[status]}
      {...(size && { size })}
    />
  );
}
