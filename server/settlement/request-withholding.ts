import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { loadMallName, loadOpenHold, loadSettlements } from "#server/settlement/settlement-repository.ts";

type Wish = Readonly<{ reason: string; maker: Maker; traceId: string }>;

/** Asks another person to withhold a mall's payouts, or one settlement's. Throws `NOT_FOUND`, `CHANGED_MEANWHILE` for what is paid out, and what `requestChange` throws. */
export async function requestWithholding(
  ctx: Pick<Context, "sql" | "ids">,
  {
    mallId,
    settlementId,
    ...wish
  }: Wish & Readonly<{ mallId: string; settlementId?: string | null | undefined }>,
): Promise<RequestedChange> {
  const mallName = await loadMallName(ctx.sql, mallId);
  if (mallName === undefined) throw new Refusal("NOT_FOUND");
  const [settlement] = settlementId ? await loadSettlements(ctx.sql, [settlementId]) : [];
  if (settlementId && settlement?.mallId !== mallId) throw new Refusal("NOT_FOUND");
  if (settlement?.status === "PAID_OUT") throw new Refusal("CHANGED_MEANWHILE", { status: "PAID_OUT" });
  const payoutMinor = settlement?.payoutMinor ?? 0n;
  return requestChange(ctx, {
    ...wish,
    kind: "WITHHOLD",
    payload: { v: 1, does: "SET", mallId, settlementId: settlementId ?? null, holdId: null },
    subject: { id: settlement?.id ?? mallId, name: mallName },
    measured: payoutMinor,
    amountMinor: payoutMinor > 0n ? payoutMinor : null,
  });
}

/** Asks another person to release a hold. Throws `NOT_FOUND` when it is not open, and what `requestChange` throws. */
export async function requestRelease(
  ctx: Pick<Context, "sql" | "ids">,
  { holdId, ...wish }: Wish & Readonly<{ holdId: string }>,
): Promise<RequestedChange> {
  const hold = await loadOpenHold(ctx.sql, holdId);
  if (!hold) throw new Refusal("NOT_FOUND");
  return requestChange(ctx, {
    ...wish,
    kind: "WITHHOLD",
    payload: { v: 1, does: "RELEASE", mallId: hold.mallId, settlementId: hold.settlementId, holdId },
    subject: { id: holdId, name: hold.mallName },
    measured: 0n,
    amountMinor: null,
  });
}
