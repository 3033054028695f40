import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { loadDeliveryRecord, readDeliveryLine } from "#server/webhooks/delivery-log-queries.ts";
import { maskBody } from "#server/webhooks/domain/mask-body.ts";
import { bodyOf, headersOf } from "#server/webhooks/read-deliveries.ts";

export type DeliveryDetail = Awaited<ReturnType<typeof readDelivery>>;

/**
 * One delivery with the body that every try sends and all that came back, masked and bounded as a screen may show them.
 * Throws `NOT_FOUND`.
 */
export async function readDelivery(ctx: Pick<Context, "db">, id: string) {
  const [line, record] = await Promise.all([readDeliveryLine(ctx.db, id), loadDeliveryRecord(ctx.db, id)]);
  if (!line || !record) throw new Refusal("NOT_FOUND");
  const { event, tries } = record;
  const body = bodyOf(event);
  return {
    ...line,
    body: body === null ? null : maskBody(body),
    tries: tries.map(({ id: _, deliveryId: __, responseBody, ...made }) => ({
      ...made,
      responseBody: responseBody === null ? null : maskBody(responseBody),
      headers: headersOf(event.id, made.startedAt),
    })),
  };
}
