"use client";

import { CircleCheck, Clock, Inbox, type LucideIcon, Pause, RotateCw, Trash2 } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { DeliveryState, EndpointStatus } from "#server/webhooks/webhook-console.values.ts";

type Look = Readonly<{ level: Level; tone: Tone; icon: LucideIcon }>;

const stateLooks: Readonly<Record<DeliveryState, Look>> = {
  waiting: { level: "plain", tone: "mute", icon: Clock },
  retrying: { level: "tint", tone: "run", icon: RotateCw },
  delivered: { level: "plain", tone: "ok", icon: CircleCheck },
  dead: { level: "plain", tone: "bad", icon: Inbox },
};

const endpointLooks: Readonly<Record<EndpointStatus, Look>> = {
  ACTIVE: { level: "plain", tone: "ok", icon: CircleCheck },
  PAUSED: { level: "tint", tone: "warn", icon: Pause },
  DELETED: { level: "plain", tone: "mute", icon: Trash2 },
};

/** Where a delivery stands. */
export function DeliveryStateBadge({ state }: { state: DeliveryState }) {
  const { webhooks } = useTexts();
  return <ToneBadge {...stateLooks[state]} label={webhooks.states[state]} />;
}

/** Whether anything is sent to an endpoint. */
export function EndpointBadge({ status, size }: { status: EndpointStatus; size?: "normal" | "large" }) {
  const { webhooks } = useTexts();
  return (
    <ToneBadge {...endpointLooks[status]} label={webhooks.endpointStatuses[status]} {...(size && { size })} />
  );
}
