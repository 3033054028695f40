import { assert } from "#server/core/assert.ts";
import { isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import {
  listLines,
  listSettlements,
  readSettlement,
  type SettlementRow,
} from "#server/settlement/settlement-queries.ts";
import {
  mallSettlementStates,
  type SettlementLinesQuery,
  type SettlementsQuery,
  settlementDaysMax,
} from "#server/settlement/settlement-wire.schemas.ts";

type Reads = Pick<Context, "reports">;

/**
 * A keyset page of a mall's settlements, the latest date first; what is still being collected is not among them. Both
 * dates are included. Throws `INVALID_REQUEST` for dates that are reversed or too far apart and for a cursor that is not
 * ours.
 */
export async function readMallSettlements(
  { reports }: Reads,
  { mallId, dateType, from, to, cursor, limit }: SettlementsQuery & { mallId: string },
) {
  if (from > to) throw new Refusal("INVALID_REQUEST", { field: "to" });
  if (addDays(from, settlementDaysMax) <= to) throw new Refusal("INVALID_REQUEST", { field: "from" });
  const isSold = dateType === "soldDate";
  const page = await listSettlements(reports, {
    dateType: isSold ? "businessDate" : "payoutDate",
    mall: [mallId],
    state: [...mallSettlementStates],
    ...(isSold ? { businessFrom: from, businessTo: to } : { payoutFrom: from, payoutTo: to }),
    cursor: cursor === undefined ? null : readSettlementCursor(cursor),
    limit,
  });
  const { nextCursor } = page;
  return {
    settlements: page.settlements.map(toWireSettlement),
    nextCursor: nextCursor ? encode(`${nextCursor.date}.${nextCursor.id}`) : null,
  };
}

/**
 * A page of the lines of a mall's settlement, in their order. Throws `NOT_FOUND` for one that is not there, is still
 * being collected or is another mall's, and `INVALID_REQUEST` for a cursor that is not ours.
 */
export async function readMallSettlementLines(
  { reports }: Reads,
  { mallId, settlementId, cursor, limit }: SettlementLinesQuery & { mallId: string; settlementId: string },
) {
  const after = cursor === undefined ? 0 : readLineCursor(cursor);
  const settlement = await readSettlement(reports, settlementId);
  if (settlement?.mallId !== mallId || settlement.status === "COLLECTED") throw new Refusal("NOT_FOUND");
  const { lines, nextCursor } = await listLines(reports, { settlementId, cursor: after, limit });
  return {
    lines: lines.map((line) => ({
      lineNo: line.lineNo,
      kind: line.kind,
      paymentKey: line.paymentId,
      orderId: line.orderId,
      cancelId: line.cancelId,
      date: line.eventDate,
      amount: Number(line.amountMinor),
      feeAmount: Number(line.feeMinor),
      feeVatAmount: Number(line.feeVatMinor),
      netAmount: Number(line.netMinor),
    })),
    nextCursor: nextCursor === null ? null : encode(String(nextCursor)),
  };
}

function toWireSettlement(settlement: SettlementRow) {
  const { state } = settlement;
  assert(state !== "COLLECTED", "what is being collected is not asked for");
  return {
    settlementId: settlement.id,
    soldDate: settlement.businessDate,
    payoutDate: settlement.payoutDate,
    method: settlement.method,
    status: state,
    approvalCount: settlement.approvalCount,
    approvalAmount: Number(settlement.approvalMinor),
    cancelCount: settlement.cancelCount,
    cancelAmount: Number(settlement.cancelMinor),
    feeAmount: Number(settlement.feeMinor),
    feeVatAmount: Number(settlement.feeVatMinor),
    adjustmentAmount: Number(settlement.adjustmentMinor),
    carriedInAmount: Number(settlement.carriedInMinor),
    payoutAmount: Number(settlement.payoutMinor),
    carriedOutAmount: Number(settlement.carriedOutMinor),
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function readSettlementCursor(cursor: string): { date: string; id: string } {
  const [, date, id] =
    /^(.{10})\.(stl_\w{1,70})$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  if (!date || !id || !isBusinessDate(date)) throw new Refusal("INVALID_REQUEST", { field: "cursor" });
  return { date, id };
}

function readLineCursor(cursor: string): number {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  if (!/^\d{1,9}$/.test(text)) throw new Refusal("INVALID_REQUEST", { field: "cursor" });
  return Number(text);
}
