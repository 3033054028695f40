import type { Context } from "#server/platform/context.ts";
import { type ResendOutcome, selectForResend } from "#server/webhooks/delivery-log-queries.ts";
import type { ResendSelection } from "#server/webhooks/webhook-console.schemas.ts";
import { resendLimit, resendsPerSecond } from "#server/webhooks/webhook-console.values.ts";

export type ResendPreview = Readonly<{
  at: Date;
  /** How many deliveries would be taken; at most `resendLimit`. */
  count: number;
  /** More match than one resend takes: narrow the filter. */
  isTooMany: boolean;
  totals: Readonly<Record<ResendOutcome, number>>;
  /** The receivers that would hear of it, the most first. */
  endpoints: readonly Readonly<{ endpointId: string; url: string; mallName: string; count: number }>[];
  payments: number;
  firstAt: Date | null;
  lastAt: Date | null;
  /** At the pace of a resend, without the answers of the receivers. */
  durationSeconds: number;
}>;

/** A dry run of a resend: what would be sent, to whom, and how long that takes. Changes nothing. */
export async function previewResend(
  ctx: Pick<Context, "db" | "now">,
  selection: ResendSelection,
): Promise<ResendPreview> {
  const at = ctx.now();
  const found = await selectForResend(ctx.db, selection, at, resendLimit + 1);
  const chosen = found.slice(0, resendLimit);
  const totals = { RESEND: 0, HASTEN: 0, BLOCKED: 0 };
  const endpoints = new Map<string, { endpointId: string; url: string; mallName: string; count: number }>();
  for (const { outcome, endpointId, url, mallName } of chosen) {
    totals[outcome]++;
    const known = endpoints.get(endpointId);
    if (known) known.count++;
    else endpoints.set(endpointId, { endpointId, url, mallName, count: 1 });
  }
  const times = chosen.map(({ createdAt }) => createdAt.getTime());
  const extreme = (pick: (one: number, other: number) => number) =>
    times.length > 0 ? new Date(times.reduce((one, other) => pick(one, other))) : null;
  return {
    at,
    count: chosen.length,
    isTooMany: found.length > resendLimit,
    totals,
    endpoints: [...endpoints.values()].sort((one, other) => other.count - one.count),
    payments: new Set(chosen.map(({ subjectId }) => subjectId)).size,
    firstAt: extreme(Math.min),
    lastAt: extreme(Math.max),
    durationSeconds: Math.ceil(chosen.length / resendsPerSecond),
  };
}
