import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { loadMallName } from "#server/settlement/settlement-repository.ts";

/** Asks another person to adjust what a mall gets, by a line of its next settlement; positive is for the mall. Throws `NOT_FOUND` and what `requestChange` throws. */
export async function requestAdjustment(
  ctx: Pick<Context, "sql" | "ids">,
  wish: Readonly<{
    mallId: string;
    method: "CARD" | "VOUCHER";
    amountMinor: bigint;
    /** The settlement, line or payment it is about. */
    correctsId?: string | null | undefined;
    reason: string;
    maker: Maker;
    traceId: string;
  }>,
): Promise<RequestedChange> {
  const mallName = await loadMallName(ctx.sql, wish.mallId);
  if (mallName === undefined) throw new Refusal("NOT_FOUND");
  const size = wish.amountMinor < 0n ? -wish.amountMinor : wish.amountMinor;
  return requestChange(ctx, {
    kind: "ADJUSTMENT",
    payload: {
      v: 1,
      mallId: wish.mallId,
      method: wish.method,
      amountMinor: String(wish.amountMinor),
      correctsId: wish.correctsId ?? null,
    },
    subject: { id: `${wish.mallId}:${wish.method}:${wish.correctsId ?? ""}`, name: mallName },
    measured: size,
    amountMinor: size,
    reason: wish.reason,
    maker: wish.maker,
    traceId: wish.traceId,
  });
}
