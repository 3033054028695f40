import { editChange } from "#server/change-requests/edit-change.ts";
import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { decideCancel } from "#server/payments/domain/decide-cancel.ts";
import { readOperatorCancelLimit } from "#server/payments/operator-cancel-limit.ts";
import { previewOf } from "#server/payments/preview-cancel.ts";
import { settledOf } from "#server/payments/preview-operator-cancel.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { readFeeTerms } from "#server/settlement/read-fee-terms.ts";

export type RequestCancel = Readonly<{
  paymentId: string;
  amountMinor: bigint;
  taxFreeMinor?: bigint | undefined;
  /** The balance the operator saw (CX-3). */
  currentCancelableMinor: bigint;
  reason: string;
  operator: Maker;
  traceId: string;
}>;

/**
 * Asks another person to approve a cancel. It must be possible now, by the rule the cancel itself goes through, so that
 * nobody is asked to approve what cannot be done. Throws its refusals and those of `requestChange`.
 */
export async function requestCancel(
  ctx: Pick<Context, "sql" | "now" | "ids">,
  wish: RequestCancel,
): Promise<RequestedChange> {
  const { content, orderId } = await prepare(ctx, wish);
  return requestChange(ctx, {
    ...content,
    subject: { id: wish.paymentId, name: orderId },
    maker: wish.operator,
    traceId: wish.traceId,
  });
}

/** Changes the amount or the reason of a request, computed on the payment as it is now. Throws as `requestCancel` and `editChange`. */
export async function editCancelRequest(
  ctx: Pick<Context, "sql" | "now">,
  { requestId, version, ...wish }: RequestCancel & Readonly<{ requestId: string; version: number }>,
): Promise<{ version: number }> {
  const { content } = await prepare(ctx, wish);
  return editChange(ctx, {
    ...content,
    requestId,
    version,
    subjectId: wish.paymentId,
    maker: wish.operator,
  });
}

async function prepare(ctx: Pick<Context, "sql" | "now">, wish: RequestCancel) {
  const { payment, cancels } = await readPayment(ctx, { paymentId: wish.paymentId });
  const open = cancels.find((cancel) => cancel.status === "REQUESTED" || cancel.status === "UNKNOWN");
  const at = ctx.now();
  const decision = decideCancel(payment, open, wish, at);
  const { usedMinor } = await readOperatorCancelLimit(ctx.sql, wish);
  const preview = previewOf(payment, cancels, wish, at);
  const settled = settledOf(preview, await readFeeTerms(ctx.sql, payment.id));
  return {
    orderId: payment.orderId,
    content: {
      kind: "CANCEL" as const,
      payload: {
        v: 2 as const,
        paymentId: payment.id,
        amountMinor: String(decision.amountMinor),
        taxFreeMinor: String(decision.taxFreeMinor),
        balanceMinor: String(decision.balanceBeforeMinor),
        seen: {
          isAcquired: preview.acquisition?.isAcquired ?? false,
          settlement: preview.settlement,
          until: preview.cancelable.until?.toISOString() ?? null,
          settled: settled && {
            feeMinor: String(settled.change.feeMinor),
            feeVatMinor: String(settled.change.feeVatMinor),
            netMinor: String(settled.change.netMinor),
          },
        },
      },
      measured: usedMinor + decision.amountMinor,
      amountMinor: decision.amountMinor,
      reason: wish.reason,
    },
  };
}
