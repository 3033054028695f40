import { assert } from "#server/core/assert.ts";
import type { Context } from "#server/platform/context.ts";
import type { EventType } from "#server/webhooks/domain/event-types.ts";
import { findEventsAfter } from "#server/webhooks/event-queries.ts";
import { toWireEvent } from "#server/webhooks/webhook-message.ts";

/**
 * Everything a webhook would have said to a mall after position `after`, in sequence: for catching up. An event gets its
 * number after its commit from one writer, so whoever goes on from `nextAfter` misses none.
 */
export async function readEvents(
  ctx: Pick<Context, "db">,
  {
    mallId,
    after,
    type,
    limit,
  }: { mallId: string; after: number; type?: EventType | undefined; limit: number },
) {
  const rows = await findEventsAfter(ctx.db, { mallId, after: BigInt(after), type, limit: limit + 1 });
  const events = rows.slice(0, limit).map((row) => {
    assert(row.sequence !== null, "an event that is read by its sequence has one");
    const event = toWireEvent({ ...row, sequence: row.sequence, data: row.data as Record<string, unknown> });
    return { type: event.type, timestamp: event.timestamp, sequence: event.data.sequence, data: event.data };
  });
  return { events, nextAfter: events.at(-1)?.sequence ?? after, hasMore: rows.length > limit };
}
