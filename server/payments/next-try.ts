import type { Context } from "#server/platform/context.ts";
import type { JobResult, ReasonClass } from "#server/platform/job.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/** A VAN's answer that did not settle the matter. */
export type Failure = Readonly<{
  kind: string;
  because?: string;
  exchange: { responseCode?: string | undefined; error?: string | undefined };
}>;

const awayDelayMinMs = 1_000;
const awayDelayMaxMs = 60_000;

/** What jobs of a VAN that is away wait for; `wakeWaiting` says it when the VAN is back. */
export function waitsForVan(vanCode: string): string {
  return `van:${vanCode}`;
}

/**
 * When a recovery job asks its VAN again. The VAN's own schedule decides; after its last delay the job is a dead letter
 * (NC-4). A message that never left us used up no try: while the VAN cannot be reached the job waits for its return,
 * until the VAN's deadline for a net cancel has passed. `since` is when what is to be recovered was requested.
 */
export function nextTry(
  ctx: Pick<Context, "now" | "random" | "vans">,
  van: VanSettings,
  job: { delaysMs: readonly number[]; attempt: number; since: Date },
  failure: Failure,
): JobResult {
  const reason = reasonOf(failure);
  const error = failure.exchange.error ?? `the VAN answered ${failure.exchange.responseCode ?? failure.kind}`;
  const jitter = 0.9 + ctx.random() * 0.2;
  const ageMs = ctx.now().getTime() - job.since.getTime();
  if (failure.kind === "not_sent" && ageMs < van.netCancelDeadlineMs) {
    const delayMs = Math.min(Math.max(ageMs / 2, awayDelayMinMs), awayDelayMaxMs) * jitter;
    return { kind: "again", reason, error, delayMs, countsAsAttempt: false, waitsFor: waitsForVan(van.code) };
  }
  const delayMs = job.delaysMs[job.attempt];
  if (delayMs === undefined) return { kind: "dead", reason, error };
  const isAway = ctx.vans.get(van.code)?.health().circuit.state !== "CLOSED";
  return {
    kind: "again",
    reason,
    error,
    delayMs: delayMs * jitter,
    ...(isAway ? { waitsFor: waitsForVan(van.code) } : {}),
  };
}

function reasonOf(failure: Failure): ReasonClass {
  if (failure.kind === "not_sent") return "VAN_UNREACHABLE";
  if (failure.kind !== "unknown") return "VAN_REFUSED";
  switch (failure.because) {
    case "unreadable":
      return "VAN_UNREADABLE";
    case "mismatch":
      return "VAN_MISMATCH";
    case "unknown_code":
      return "VAN_UNKNOWN_CODE";
    default:
      return "VAN_TIMEOUT";
  }
}
