import { loadIdempotencyKeys } from "#server/payments/payment-queries.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import { replyFromCancel, replyFromPayment } from "#server/payments/reply-from-payment.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * What the mall would hear if it sent the same request with the same key now: the kept answer byte for byte (IDM-6), an
 * answer from the present state (IDM-9), or, for a net cancel that is not over, one that is first worked on (NC-7).
 */
export type ReplayNow =
  | Readonly<{ from: "kept" | "present"; httpStatus: number; body: string }>
  | Readonly<{ from: "work" }>;

export type IdempotencyKeyRecord = Awaited<ReturnType<typeof readIdempotencyKeys>>[number];

/**
 * The idempotency keys under which a payment and its cancels were asked for, oldest first. `requestHash` is hex of a
 * keyed hash: equal for equal requests, and nothing can be read back from it. Throws `NOT_FOUND_PAYMENT`.
 */
export async function readIdempotencyKeys(
  ctx: Context,
  { paymentId, traceId }: { paymentId: string; traceId: string },
) {
  const [keys, { payment, cancels }] = await Promise.all([
    loadIdempotencyKeys(ctx.db, paymentId),
    readPayment(ctx, { paymentId }),
  ]);
  const asker = { locale: "ko", traceId } as const;
  return Promise.all(
    keys.map(async ({ requestHash, responseBody, ...key }) => {
      const replayNow = async (): Promise<ReplayNow> => {
        if (key.httpStatus !== null && responseBody !== null)
          return { from: "kept", httpStatus: key.httpStatus, body: responseBody };
        const cancel = cancels.find((one) => one.id === key.cancelId);
        // A net cancel goes on from the present state; a cancel of which only the claim was written begins.
        if (!cancel && key.path.endsWith("cancel")) return { from: "work" };
        const reply = cancel
          ? replyFromCancel(ctx, { payment, cancels, cancel }, asker)
          : await replyFromPayment(ctx, payment, asker);
        return { from: "present", httpStatus: reply.status, body: reply.body };
      };
      return {
        ...key,
        requestHash: Buffer.from(requestHash).toString("hex"),
        replay: await replayNow(),
      };
    }),
  );
}
