import { createHash } from "node:crypto";
import { type Maker, type RequestedChange, requestChange } from "#server/change-requests/request-change.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { refusePayout, type SeenSettlements } from "#server/settlement/confirm-settlements.ts";
import { type HeldSettlement, loadSettlements } from "#server/settlement/settlement-repository.ts";

export type RequestConfirmation = Readonly<{
  /** As the maker saw them: what changes afterwards is not what is approved. */
  settlements: SeenSettlements;
  reason: string;
  maker: Maker;
  traceId: string;
}>;

/**
 * Asks another person to confirm drafts. Throws `NOT_FOUND`, `CHANGED_MEANWHILE` for what is not the draft the maker saw, and
 * what `requestChange` throws.
 */
export function requestConfirmation(
  ctx: Pick<Context, "sql" | "ids" | "now">,
  wish: RequestConfirmation,
): Promise<RequestedChange> {
  return request(ctx, wish, { kind: "SETTLEMENT_CONFIRM", from: "DRAFT", refuse: () => undefined });
}

/** Asks another person to pay confirmed settlements out; they must be due and free now. Throws as `payOutSettlements` and `requestChange`. */
export function requestPayout(
  ctx: Pick<Context, "sql" | "ids" | "now">,
  wish: RequestConfirmation,
): Promise<RequestedChange> {
  return request(ctx, wish, { kind: "SETTLEMENT_PAYOUT", from: "CONFIRMED", refuse: refusePayout });
}

async function request(
  ctx: Pick<Context, "sql" | "ids" | "now">,
  { settlements, reason, maker, traceId }: RequestConfirmation,
  step: Readonly<{
    kind: "SETTLEMENT_CONFIRM" | "SETTLEMENT_PAYOUT";
    from: HeldSettlement["status"];
    refuse: (settlement: HeldSettlement, today: string) => void;
  }>,
): Promise<RequestedChange> {
  const present = await loadSettlements(
    ctx.sql,
    settlements.map(({ id }) => id),
  );
  if (present.length !== settlements.length) throw new Refusal("NOT_FOUND");
  const seen = new Map(settlements.map(({ id, hash }) => [id, hash]));
  for (const settlement of present) {
    if (settlement.status !== step.from || settlement.hash !== seen.get(settlement.id))
      throw new Refusal("CHANGED_MEANWHILE", { settlementId: settlement.id, status: settlement.status });
    step.refuse(settlement, businessDateOf(ctx.now()));
  }
  const payoutMinor = present.reduce((sum, settlement) => sum + settlement.payoutMinor, 0n);
  return requestChange(ctx, {
    kind: step.kind,
    payload: { v: 1, settlements: [...settlements], payoutMinor: String(payoutMinor) },
    subject: subjectOf(present),
    measured: payoutMinor,
    amountMinor: payoutMinor > 0n ? payoutMinor : null,
    reason,
    maker,
    traceId,
  });
}

/** One settlement is its own subject; several are the set of them, whoever asks for it in whatever order. */
function subjectOf(settlements: readonly HeldSettlement[]): { id: string; name: string } {
  const [first] = settlements;
  if (first && settlements.length === 1)
    return { id: first.id, name: `${first.mallName} ${first.businessDate}` };
  const digest = createHash("sha256").update(settlements.map(({ id }) => id).join("\n"));
  return {
    id: `stls_${digest.digest("hex").slice(0, 24)}`,
    name: `${first?.businessDate ?? ""} × ${settlements.length}`,
  };
}
