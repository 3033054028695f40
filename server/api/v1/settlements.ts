import { mallRoute } from "#server/api/mall-route.ts";
import { successReply } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { readMallSettlementLines, readMallSettlements } from "#server/settlement/read-mall-settlements.ts";
import {
  settlementLinePageSchema,
  settlementLinesQuerySchema,
  settlementPageSchema,
  settlementsQuerySchema,
} from "#server/settlement/settlement-wire.schemas.ts";

const settlementIdShape = /^stl_\w{1,70}$/;

export const settlementsRoute = mallRoute({
  method: "GET",
  path: "/settlements",
  auth: "secret_key",
  movesMoney: false,
  summary: "정산 목록",
  input: settlementsQuerySchema,
  output: settlementPageSchema,
  refusals: [],
  async handle(ctx, { mall, input, locale }) {
    return successReply(await readMallSettlements(ctx, { mallId: mall.mallId, ...input }), locale);
  },
});

export const settlementLinesRoute = mallRoute({
  method: "GET",
  path: "/settlements/{settlementId}/lines",
  auth: "secret_key",
  movesMoney: false,
  summary: "정산의 건별 내역",
  input: settlementLinesQuerySchema,
  output: settlementLinePageSchema,
  refusals: ["NOT_FOUND"],
  async handle(ctx, { mall, input, params, locale }) {
    const settlementId = params.settlementId ?? "";
    if (!settlementIdShape.test(settlementId)) throw new Refusal("NOT_FOUND");
    return successReply(
      await readMallSettlementLines(ctx, { mallId: mall.mallId, settlementId, ...input }),
      locale,
    );
  },
});
