import { type ChangePayload, changePayloads } from "#server/change-requests/change-payloads.ts";
import { readChange } from "#server/change-requests/change-request-queries.ts";
import { Refusal } from "#server/core/refusals.ts";
import {
  type OperatorCancelPreview,
  previewOperatorCancel,
} from "#server/payments/preview-operator-cancel.ts";
import type { Context } from "#server/platform/context.ts";

/** What the maker of a request saw of its cancel, amounts in minor units; what is taken away is negative. */
export type SeenCancel = Extract<ChangePayload<"CANCEL">, { v: 2 }>["seen"] &
  Readonly<{ balanceMinor: bigint; limitMinor: bigint | null }>;

export type CancelChangePreview = Readonly<{
  /** The version of the request that this is the preview of. */
  version: number;
  /** The cancel as it would be now, held against the limit of its maker. */
  preview: OperatorCancelPreview;
  /** Null for a request that was made before it was kept. */
  seen: SeenCancel | null;
}>;

/**
 * The preview of a cancel that somebody asks for, computed on the payment as it is now, with what its maker saw: whoever
 * approves decides by the same facts. Changes nothing. Throws `NOT_FOUND` when there is no such request of a cancel.
 */
export async function previewCancelChange(
  ctx: Pick<Context, "db" | "sql" | "now">,
  { requestId }: Readonly<{ requestId: string }>,
): Promise<CancelChangePreview> {
  const change = await readChange(ctx.db, requestId);
  if (change?.kind !== "CANCEL") throw new Refusal("NOT_FOUND");
  const payload = changePayloads.CANCEL.parse(change.payload);
  const { paymentId, amountMinor, taxFreeMinor, balanceMinor } = payload;
  const preview = await previewOperatorCancel(ctx, {
    paymentId,
    amountMinor,
    taxFreeMinor,
    operator: { id: change.makerId, role: change.makerRole },
  });
  return {
    version: change.version,
    preview,
    seen: payload.v === 2 ? { ...payload.seen, balanceMinor, limitMinor: change.limitMax } : null,
  };
}
