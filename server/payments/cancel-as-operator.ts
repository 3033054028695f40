import { requireWithinLimit } from "#server/change-requests/limit-of.ts";
import type { Locale } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { type CancelResult, cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import { readOperatorCancelLimit } from "#server/payments/operator-cancel-limit.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import { requestKeyUse } from "#server/payments/request-key-use.ts";
import type { Context } from "#server/platform/context.ts";
import { readVanSettings } from "#server/van/van-queries.ts";

export type CancelAsOperator = Readonly<{
  paymentId: string;
  amountMinor: bigint;
  taxFreeMinor?: bigint | undefined;
  /** The balance the operator saw. What this person cancels at the same moment changes it, so parts cannot slip past the limit side by side. */
  currentCancelableMinor: bigint;
  reason: string;
  operator: Readonly<{ id: string; role: OperatorRole; ipAddress: string | null }>;
  /** Sent again with the same key it is the same cancel, whatever became of the first answer (IDM-3). */
  requestKey: string;
  locale: Locale;
  traceId: string;
}>;

/** How a cancel ended, with the payment as it stands now. */
export type OperatorCancel = Pick<CancelResult, "result" | "payment" | "cancel">;

/** How often it is looked whether the earlier press has its answer. */
const lookEveryMs = 200;
/** Time for the earlier press to write what the VAN answered. */
const settleMs = 2_000;

/**
 * Cancels a payment from the console as far as the operator may alone (`cancelPayment`). The same `requestKey` begins one
 * cancel: whoever sends it again hears how that one ended, waiting while it runs, and `unknown` as long as nobody knows
 * (IDM-6, IDM-9). A cancel that never reached the VAN has given its key back and may be begun anew (IDM-10). Throws
 * `IDEMPOTENCY_KEY_REUSED` when the key came with another amount or reason (IDM-4), and `APPROVAL_REQUIRED` above the limit;
 * nothing was begun then.
 */
export async function cancelAsOperator(ctx: Context, command: CancelAsOperator): Promise<OperatorCancel> {
  const { operator, requestKey, ...wish } = command;
  const { payment } = await readPayment(ctx, { paymentId: wish.paymentId });
  const use = requestKeyUse(ctx.keys, "cancel", command);
  // Before the limit and the balance: the earlier press has used up a part of both.
  const earlier = await findOutcome(ctx, payment, use);
  if (earlier) return earlier;
  try {
    const { usedMinor } = await readOperatorCancelLimit(ctx.sql, { paymentId: wish.paymentId, operator });
    await requireWithinLimit(ctx.sql, {
      role: operator.role,
      kind: "CANCEL",
      measured: usedMinor + wish.amountMinor,
    });
    const answer = await cancelPayment(ctx, {
      ...wish,
      mallId: payment.mallId,
      idempotency: use,
      origin: "CONSOLE",
      actor: {
        type: "operator",
        id: operator.id,
        ...(operator.ipAddress ? { ipAddress: operator.ipAddress } : {}),
      },
    });
    if (answer.result !== "replayed") return answer;
  } catch (error) {
    if (!(error instanceof Refusal) || mayHaveBegun(error)) throw error;
    // Another press with the key may have begun the cancel between the look and the refusal: then that is the answer.
    const meanwhile = await findOutcome(ctx, payment, use);
    if (meanwhile) return meanwhile;
    throw error;
  }
  const meanwhile = await findOutcome(ctx, payment, use);
  if (meanwhile) return meanwhile;
  // It never reached the VAN, and has given the key back between two looks.
  throw new Refusal("PAYMENT_LOCKED", { paymentKey: payment.id }, 1);
}

/** The database was away while a cancel of ours was written: it may be there, and nobody is told that it is not. */
function mayHaveBegun({ code }: Refusal): boolean {
  return code === "IDEMPOTENCY_STORE_UNAVAILABLE" || code === "PAYMENT_RESULT_UNKNOWN";
}

/** How the cancel ended that was begun with the key; waits while its press still asks the VAN. */
async function findOutcome(
  ctx: Context,
  { mallId, vanCode }: Payment,
  use: IdempotencyUse,
): Promise<OperatorCancel | undefined> {
  const earlier = await findEarlierUse(ctx.sql, mallId, use);
  if (earlier.kind === "none" || earlier.cancelId === null) return undefined;
  const van = await readVanSettings(ctx.sql, vanCode);
  const untilMs = ctx.monotonicMs() + van.connectTimeoutMs + van.cancelTimeoutMs + settleMs;
  for (;;) {
    const found = await findCancel(ctx, earlier.cancelId);
    if (!found) return undefined;
    const { cancel } = found;
    if (cancel.status === "REQUESTED" && ctx.monotonicMs() < untilMs) {
      await ctx.sleep(lookEveryMs);
      continue;
    }
    // Read after the cancel: its balance is never older than the end of the cancel.
    const { payment } = await readPayment(ctx, { paymentId: cancel.paymentId });
    return { result: results[cancel.status], payment, cancel };
  }
}

const results = {
  REQUESTED: "unknown",
  UNKNOWN: "unknown",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
} as const satisfies Record<string, CancelResult["result"]>;
