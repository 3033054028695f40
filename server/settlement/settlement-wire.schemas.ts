import { z } from "zod";
import { isBusinessDate } from "#server/core/business-date.ts";
import { lineKinds, settlementStates } from "#server/settlement/settlement.values.ts";

/** What a mall sees: all but what is still being collected. */
export const mallSettlementStates = settlementStates.filter((state) => state !== "COLLECTED");
/** How many days one question covers. */
export const settlementDaysMax = 366;

const date = z.string().max(10).refine(isBusinessDate);
const pageSize = (most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(usual)
    .meta({ description: `한 번에 받을 개수, 1–${most}`, example: String(usual) });
const cursor = z.string().max(200).optional().meta({ description: "앞 응답의 nextCursor" });

export const settlementsQuerySchema = z.strictObject({
  dateType: z
    .enum(["soldDate", "payoutDate"])
    .default("soldDate")
    .meta({ description: "기간의 기준: 매출일 또는 지급일" }),
  from: date.meta({ description: "이 날부터 (서울 기준)", example: "2026-11-01" }),
  to: date.meta({ description: `이 날까지. 최대 ${settlementDaysMax}일`, example: "2026-11-30" }),
  cursor,
  limit: pageSize(100, 20),
});
export type SettlementsQuery = z.output<typeof settlementsQuerySchema>;

export const settlementLinesQuerySchema = z.strictObject({ cursor, limit: pageSize(1_000, 100) });
export type SettlementLinesQuery = z.output<typeof settlementLinesQuerySchema>;

const amount = (description: string, example: number) => z.int().meta({ description, example });

export const wireSettlementSchema = z
  .object({
    settlementId: z.string().meta({ example: "stl_20261125_01KAN3S4T5Q2W8XJ6RDN3B7ZC4_CARD" }),
    soldDate: date.meta({ description: "매출일", example: "2026-11-25" }),
    payoutDate: date.nullable().meta({ description: "지급일. 아직 모르면 null", example: "2026-11-27" }),
    method: z.enum(["CARD", "VOUCHER"]),
    status: z.enum(mallSettlementStates as ["DRAFT", ...("CONFIRMED" | "PAID_OUT" | "WITHHELD")[]]).meta({
      description:
        "DRAFT는 확정 전의 예정 금액, CONFIRMED는 확정, PAID_OUT은 지급 완료, WITHHELD는 지급 보류입니다.",
    }),
    approvalCount: z.int(),
    approvalAmount: amount("승인 합계", 1_250_000),
    cancelCount: z.int(),
    cancelAmount: amount("취소 합계, 0 이하", -50_000),
    feeAmount: amount("수수료. 돌려받는 수수료는 뺀 값", 30_000),
    feeVatAmount: amount("수수료의 부가세", 3_000),
    adjustmentAmount: amount("확정 뒤 조정", 0),
    carriedInAmount: amount("앞 정산에서 이월된 금액, 0 이하", 0),
    payoutAmount: amount("지급액", 1_167_000),
    carriedOutAmount: amount("다음 정산으로 이월하는 금액, 0 이하", 0),
  })
  .meta({ id: "Settlement" });

export const settlementPageSchema = z
  .object({ settlements: z.array(wireSettlementSchema), nextCursor: z.string().nullable() })
  .meta({ id: "SettlementPage" });

export const settlementLinePageSchema = z
  .object({
    lines: z.array(
      z.object({
        lineNo: z.int(),
        kind: z.enum(lineKinds),
        paymentKey: z.string().nullable(),
        orderId: z.string().nullable(),
        cancelId: z.string().nullable(),
        date: date.meta({ description: "승인이나 취소가 일어난 날" }),
        amount: amount("승인은 0 이상, 취소는 0 이하", 50_000),
        feeAmount: amount("수수료", 1_500),
        feeVatAmount: amount("수수료의 부가세", 150),
        netAmount: amount("이 건에서 정산되는 금액", 48_350),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "SettlementLinePage" });
