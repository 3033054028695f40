import { z } from "zod";
import { cancelStatuses, origins, paymentStatuses } from "#server/payments/domain/payment-status.ts";

// One schema per message: it validates the request, gives the handler its types and writes the API document.

const amountMax = 9_999_999_999;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const noControl = /^[^\u0000-\u001f\u007f\u0085\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*$/;

const amount = z
  .int()
  .min(1)
  .max(amountMax)
  .meta({ description: "통화의 최소 단위 정수 (KRW는 원)", example: 50000 });
const amountOrZero = z.int().min(0).max(amountMax);
export const orderIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{6,64}$/)
  .meta({ description: "가맹점의 주문번호, 6–64자", example: "HB20261122-0001" });
const text = (max: number) => z.string().max(max).regex(noControl);
const visibleText = (max: number) => text(max).refine((value) => value.trim().length > 0);

export const cardSchema = z
  .strictObject({
    number: z
      .string()
      .regex(/^\d{13,19}$/)
      .meta({
        description: "카드번호. VAN에만 전달되고 어디에도 저장되지 않습니다.",
        example: "4330123412341234",
      }),
    expiryYear: z
      .string()
      .regex(/^(20)?\d{2}$/)
      .meta({ description: "유효기간 연도, 두 자리 또는 네 자리", example: "29" }),
    expiryMonth: z
      .string()
      .regex(/^(0?[1-9]|1[0-2])$/)
      .meta({ description: "유효기간 월", example: "12" }),
    installmentMonths: z.int().min(0).max(36).default(0).meta({ description: "할부 개월 수, 0은 일시불" }),
  })
  .meta({ id: "CardInput" });

export const approveSchema = z
  .strictObject({
    orderId: orderIdSchema,
    amount,
    taxFreeAmount: amountOrZero.default(0).meta({ description: "amount 중 면세 금액" }),
    currency: z.literal("KRW").default("KRW"),
    orderName: visibleText(100).meta({ description: "구매 상품", example: "클린 코드 외 2권" }),
    method: z.enum(["CARD", "VOUCHER"]),
    card: cardSchema.optional(),
    voucher: z.strictObject({ code: z.string().min(1).max(64), amount: amount.optional() }).optional(),
    customer: z
      .strictObject({
        name: text(50).optional(),
        email: z.email().max(254).optional(),
        phone: z
          .string()
          .regex(/^\+?[0-9-]{7,20}$/)
          .optional(),
      })
      .default({}),
    metadata: z
      .record(z.string().min(1).max(40).regex(noControl), text(500))
      .refine((pairs) => Object.keys(pairs).length <= 20)
      .default({})
      .meta({ description: "가맹점이 붙이는 문자열 쌍, 20개 이하" }),
  })
  .meta({ id: "ApproveRequest" });

export const cancelSchema = z
  .strictObject({
    reason: visibleText(200).meta({ description: "취소 사유, 1–200자", example: "고객 요청" }),
    amount: amount.optional().meta({ description: "취소 금액. 없으면 남은 전액" }),
    taxFreeAmount: amountOrZero
      .optional()
      .meta({ description: "취소 금액 중 면세 금액. 전액 취소는 남은 면세 전부, 부분취소는 0이 기본값" }),
    currentCancelableAmount: amountOrZero
      .optional()
      .meta({ description: "이 취소를 하기 전의 취소 가능 금액. 다르면 취소하지 않고 409로 답합니다." }),
  })
  .meta({ id: "CancelRequest" });

export const netCancelSchema = z.strictObject({ orderId: orderIdSchema }).meta({ id: "NetCancelRequest" });

const isoTime = z.iso.datetime({ offset: true });
const businessDate = z.iso.date();
export const listQuerySchema = z.union([
  z.strictObject({ orderId: orderIdSchema }),
  z.strictObject({
    from: z
      .union([isoTime, businessDate])
      .meta({ description: "이 시각부터. 날짜만 쓰면 서울 기준 그날 0시" }),
    to: z
      .union([isoTime, businessDate])
      .meta({ description: "이 시각 전까지. 날짜만 쓰면 서울 기준 그날 끝까지" }),
    status: z
      .string()
      .transform((list) => list.split(","))
      .pipe(
        z
          .array(z.enum(paymentStatuses as [string, ...string[]]))
          .min(1)
          .max(10),
      )
      .optional(),
    method: z.enum(["CARD", "VOUCHER"]).optional(),
    cursor: z.string().max(200).optional(),
    limit: z
      .string()
      .regex(/^\d{1,3}$/)
      .transform(Number)
      .pipe(z.int().min(1).max(100))
      .default(20),
  }),
]);

export const emptyQuerySchema = z.strictObject({});

// ---------------------------------------------------------------- answers

export const wireCancelSchema = z
  .object({
    cancelKey: z.string(),
    status: z.enum(cancelStatuses),
    amount: z.int(),
    taxFreeAmount: z.int(),
    vat: z.int(),
    reason: z.string(),
    origin: z.enum(origins),
    requestedAt: z.string(),
    completedAt: z.string().optional(),
  })
  .meta({ id: "Cancel" });

export const wirePaymentSchema = z
  .object({
    paymentKey: z.string().meta({ example: "pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC4" }),
    orderId: z.string(),
    orderName: z.string(),
    status: z.enum(paymentStatuses as [string, ...string[]]),
    method: z.enum(["CARD", "VOUCHER"]),
    currency: z.string(),
    amount: z.int(),
    balanceAmount: z.int().meta({ description: "아직 취소할 수 있는 금액" }),
    suppliedAmount: z.int(),
    vat: z.int(),
    taxFreeAmount: z.int(),
    requestedAt: z.string(),
    approvedAt: z.string().optional(),
    origin: z.enum(origins),
    card: z
      .object({
        bin: z.string(),
        last4: z.string(),
        issuerCode: z.string().nullable(),
        issuerName: z.string().nullable(),
        installmentMonths: z.int(),
        approvalNumber: z.string().nullable(),
      })
      .optional(),
    voucher: z.object({ code: z.string(), amount: z.int() }).optional(),
    van: z
      .object({
        code: z.string(),
        traceNo: z.string(),
        responseCode: z.string().nullable(),
        responseMessage: z.string().nullable(),
      })
      .optional(),
    failureCode: z.string().optional(),
    cancels: z.array(wireCancelSchema),
    cancelable: z.object({
      allowed: z.boolean(),
      partial: z.boolean(),
      until: z.string().optional(),
      reasons: z.array(z.string()),
    }),
    metadata: z.record(z.string(), z.string()),
    version: z.int(),
  })
  .meta({ id: "Payment" });

export const netCancelReplySchema = wirePaymentSchema
  .extend({
    netCancel: z.object({
      state: z.enum(["IN_PROGRESS", "DONE", "NOT_NEEDED"]),
      attempts: z.int(),
      deadline: z.string(),
    }),
  })
  .meta({ id: "NetCanceledPayment" });

export const paymentPageSchema = z
  .object({ payments: z.array(wirePaymentSchema), nextCursor: z.string().nullable() })
  .meta({ id: "PaymentPage" });
