import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";
import {
  hasUnsequencedEvents,
  insertDeliveries,
  type NewDelivery,
  type NumberedEvent,
  numberEvents,
  takeSequencerLock,
} from "#server/webhooks/webhook-repository.ts";

const batchMax = 1_000;

/**
 * Gives committed events their place in the sequence and writes what they owe: a delivery and its job for each active
 * endpoint that wants the type, all in one commit. Only one process numbers at a time, and only what is committed, so
 * the sequence has no gap and a reader that asks "after N" never misses an event that was slower to commit (WH-2).
 * Returns how many events were numbered: 0 when there is nothing to do or another process does it.
 */
export async function sequenceEvents(ctx: Pick<Context, "sql" | "ids">): Promise<number> {
  if (!(await hasUnsequencedEvents(ctx.sql))) return 0;
  return ctx.sql.transaction(async (sql) => {
    if (!(await takeSequencerLock(sql))) return 0;
    const numbered = await numberEvents(sql, batchMax);
    const deliveries = numbered.flatMap((event) => deliveryOf(ctx, event));
    if (deliveries.length > 0) {
      await insertDeliveries(sql, deliveries);
      await enqueue(
        sql,
        deliveries.map(({ id, subjectId }) =>
          outboxRow(deliverWebhookJob, id, { deliveryId: id }, { subjectId }),
        ),
      );
    }
    return new Set(numbered.map((event) => event.eventId)).size;
  });
}

function deliveryOf(
  { ids }: Pick<Context, "ids">,
  { endpointId, eventId, eventType, subjectId, sequence }: NumberedEvent,
): NewDelivery[] {
  return endpointId === null
    ? []
    : [{ id: ids.newId("webhookDelivery"), endpointId, eventId, eventType, subjectId, sequence }];
}
