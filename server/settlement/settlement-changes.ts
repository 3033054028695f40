import type { ApprovedChange, ChangeExecution } from "#server/change-requests/carry-out-change.ts";
import { adjustSettlement } from "#server/settlement/adjust-settlement.ts";
import { confirmSettlements, payOutSettlements } from "#server/settlement/confirm-settlements.ts";
import { release, withhold } from "#server/settlement/withhold.ts";

/** What the two people and the request are, for the use case that does it. */
const by = ({
  makerId,
  checkerId,
  requestId,
  reason,
}: Pick<ApprovedChange<"WITHHOLD">, "makerId" | "checkerId" | "requestId" | "reason">) => ({
  makerId,
  checkerId,
  requestId,
  reason,
});

/** An approved confirmation. */
export const confirmationChange: ChangeExecution<"SETTLEMENT_CONFIRM"> = {
  idKind: "execution",
  async executeWithin(ctx, change) {
    await confirmSettlements(ctx, { ...by(change), settlements: change.payload.settlements });
    return { kind: "done", result: { settlements: change.payload.settlements.length } };
  },
};

/** An approved payout. */
export const payoutChange: ChangeExecution<"SETTLEMENT_PAYOUT"> = {
  idKind: "execution",
  async executeWithin(ctx, change) {
    await payOutSettlements(ctx, { ...by(change), settlements: change.payload.settlements });
    return { kind: "done", result: { settlements: change.payload.settlements.length } };
  },
};

/** An approved hold, or the release of one. The id of the execution is that of the hold. */
export const withholdingChange: ChangeExecution<"WITHHOLD"> = {
  idKind: "settlementHold",
  async executeWithin(ctx, change) {
    const { does, mallId, settlementId, holdId } = change.payload;
    if (does === "SET") await withhold(ctx, { ...by(change), id: change.executionId, mallId, settlementId });
    else await release(ctx, { ...by(change), holdId: holdId ?? "" });
    return { kind: "done", result: { holdId: holdId ?? change.executionId } };
  },
};

/** An approved adjustment. The id of the execution is that of the adjustment. */
export const adjustmentChange: ChangeExecution<"ADJUSTMENT"> = {
  idKind: "settlementAdjustment",
  async executeWithin(ctx, change) {
    const { mallId, method, amountMinor, correctsId } = change.payload;
    await adjustSettlement(ctx, {
      ...by(change),
      id: change.executionId,
      mallId,
      method,
      amountMinor,
      correctsId,
    });
    return { kind: "done", result: { adjustmentId: change.executionId } };
  },
};
