"use client";

import {
  BadgeCheck,
  ChartPie,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  Clock,
  Contrast,
  Hourglass,
  Inbox,
  type LucideIcon,
  RotateCw,
  Send,
  ShieldX,
  Undo2,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { CancelStatus, PaymentStatus } from "#server/payments/domain/payment-status.ts";

export type DeliveryStatus = "PENDING" | "DELIVERED" | "DEAD";
export type DeadLetterStatus = "PARKED" | "REDRIVEN" | "RESOLVED";
export type AuditOutcome = "success" | "failure" | "refused";
export type Tone = "ok" | "run" | "warn" | "bad" | "rev" | "mute" | "unk";
/** How loud a status is: by what a person must do, not by good or bad (design §4). */
export type Level = "plain" | "tint" | "solid";

type Look = Readonly<{ level: Level; tone: Tone; icon: LucideIcon }>;

const paymentLooks: Readonly<Record<PaymentStatus, Look>> = {
  READY: { level: "plain", tone: "mute", icon: CircleDashed },
  IN_PROGRESS: { level: "tint", tone: "run", icon: Contrast },
  DONE: { level: "plain", tone: "ok", icon: CircleCheck },
  ABORTED: { level: "plain", tone: "bad", icon: CircleX },
  UNKNOWN: { level: "solid", tone: "unk", icon: DiamondQuestion },
  NET_CANCELED: { level: "plain", tone: "rev", icon: Undo2 },
  CANCEL_PENDING: { level: "tint", tone: "warn", icon: Hourglass },
  PARTIAL_CANCELED: { level: "tint", tone: "rev", icon: ChartPie },
  CANCELED: { level: "plain", tone: "mute", icon: CircleMinus },
  EXPIRED: { level: "plain", tone: "mute", icon: Clock },
};

const cancelLooks: Readonly<Record<CancelStatus, Look>> = {
  REQUESTED: { level: "tint", tone: "run", icon: Contrast },
  SUCCEEDED: { level: "plain", tone: "ok", icon: CircleCheck },
  FAILED: { level: "plain", tone: "bad", icon: CircleX },
  UNKNOWN: { level: "solid", tone: "unk", icon: DiamondQuestion },
};

const deliveryLooks: Readonly<Record<DeliveryStatus, Look>> = {
  PENDING: { level: "tint", tone: "run", icon: RotateCw },
  DELIVERED: { level: "plain", tone: "ok", icon: CircleCheck },
  DEAD: { level: "plain", tone: "bad", icon: Inbox },
};

const deadLetterLooks: Readonly<Record<DeadLetterStatus, Look>> = {
  PARKED: { level: "tint", tone: "warn", icon: Inbox },
  REDRIVEN: { level: "tint", tone: "run", icon: Send },
  RESOLVED: { level: "plain", tone: "ok", icon: BadgeCheck },
};

const outcomeLooks: Readonly<Record<AuditOutcome, Look>> = {
  success: { level: "plain", tone: "mute", icon: CircleCheck },
  failure: { level: "plain", tone: "bad", icon: CircleAlert },
  refused: { level: "plain", tone: "bad", icon: ShieldX },
};

const plainTones: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  run: "text-run",
  warn: "text-warn",
  bad: "text-bad",
  rev: "text-rev",
  mute: "text-mute",
  unk: "text-unk",
};

const tintTones: Readonly<Record<Tone, string>> = {
  ok: "text-ok bg-ok-bg",
  run: "text-run bg-run-bg",
  warn: "text-warn bg-warn-bg",
  bad: "text-bad bg-bad-bg",
  rev: "text-rev bg-rev-bg",
  mute: "text-mute bg-mute-bg",
  unk: "text-unk bg-unk-bg",
};

/** An icon with its word: the one shape of every status. `note` follows the word, such as a countdown. */
export function ToneBadge({
  level,
  tone,
  icon: Icon,
  label,
  note,
  size = "normal",
  className,
}: Look & { label: ReactNode; note?: ReactNode; size?: "normal" | "large"; className?: string }) {
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1 whitespace-nowrap rounded-chip font-medium",
        size === "large" ? "h-6 text-base" : "h-[22px] text-meta",
        level !== "plain" && "pr-[7px] pl-[5px]",
        level === "plain" && plainTones[tone],
        level === "tint" && tintTones[tone],
        level === "solid" && "bg-unk-solid font-semibold text-white",
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
      {label}
      {note ? <span className="tabular-nums">{note}</span> : null}
    </span>
  );
}

type StatusBadgeProps = (
  | { kind?: "payment"; status: PaymentStatus }
  | { kind: "cancel"; status: CancelStatus }
  | { kind: "delivery"; status: DeliveryStatus }
  | { kind: "deadLetter"; status: DeadLetterStatus }
  | { kind: "outcome"; status: AuditOutcome }
) & {
  /** Follows the word, such as the countdown `58:12` of an unknown outcome. */
  note?: string | undefined;
  size?: "normal" | "large";
  className?: string;
};

function lookOf(props: StatusBadgeProps): Look {
  switch (props.kind) {
    case "cancel":
      return cancelLooks[props.status];
    case "delivery":
      return deliveryLooks[props.status];
    case "deadLetter":
      return deadLetterLooks[props.status];
    case "outcome":
      return outcomeLooks[props.status];
    default:
      return paymentLooks[props.status];
  }
}

/** The status of a payment (default), cancel, webhook delivery, dead letter or audited action. A payment's says on hover what happens next. */
export function StatusBadge(props: StatusBadgeProps) {
  const { status: words } = useTexts().common;
  const kind = props.kind ?? "payment";
  const label = (words[kind] as Record<string, string>)[props.status] ?? props.status;
  const badge = (
    <ToneBadge
      {...lookOf(props)}
      label={label}
      note={props.note}
      {...(props.size && { size: props.size })}
      {...(props.className && { className: props.className })}
    />
  );
  if (kind !== "payment") return badge;
  return (
    <Tooltip content={words.next[props.status as PaymentStatus]}>
      <span className="inline-flex">{badge}</span>
    </Tooltip>
  );
}
