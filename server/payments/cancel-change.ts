import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import type { RefusalCode } from "#server/core/refusals.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { PaymentCancel } from "#server/payments/domain/payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * An approved cancel. The id of the cancel is the id of the execution, and its row can be written once: a second worker,
 * or the same one after a crash, finds the first cancel and says how that ended. A cancel whose outcome is not known is
 * brought to its end by its own recovery.
 */
export const cancelChange = { idKind: "cancel", execute } as const satisfies ChangeExecution<"CANCEL">;

async function execute(ctx: Context, change: ApprovedChange<"CANCEL">): Promise<ExecutionOutcome> {
  const begun = await findCancel(ctx, change.executionId);
  if (begun) return outcomeOf(begun.cancel);
  const { payload } = change;
  try {
    const { cancel } = await cancelPayment(ctx, {
      paymentId: payload.paymentId,
      amountMinor: payload.amountMinor,
      taxFreeMinor: payload.taxFreeMinor,
      currentCancelableMinor: payload.balanceMinor,
      reason: change.reason,
      origin: "CONSOLE",
      actor: { type: "operator", id: change.makerId },
      cancelId: change.executionId,
      approval: { requestId: change.requestId, checkerId: change.checkerId },
      locale: "ko",
      traceId: change.traceId,
    });
    return outcomeOf(cancel);
  } catch (error) {
    // Somebody else may have begun it between the look and the write: then that is the cancel.
    const meanwhile = await findCancel(ctx, change.executionId);
    if (meanwhile) return outcomeOf(meanwhile.cancel);
    throw error;
  }
}

function outcomeOf(cancel: PaymentCancel): ExecutionOutcome {
  switch (cancel.status) {
    case "SUCCEEDED":
      return { kind: "done", result: { cancelId: cancel.id, amountMinor: String(cancel.amountMinor) } };
    case "FAILED":
      // A cancel fails with a code of the table; the column is text.
      return { kind: "refused", code: (cancel.failureCode ?? "VAN_ERROR") as RefusalCode };
    default:
      return { kind: "pending" };
  }
}
