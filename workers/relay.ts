import { type DueMessage, relayOutbox } from "#server/outbox/relay-outbox.ts";
import { runMessage, type Workshop } from "#server/outbox/run-message.ts";
import type { Context } from "#server/platform/context.ts";
import type { QueueName } from "#server/platform/job.ts";
import { sequenceEvents } from "#server/webhooks/sequence-events.ts";
import type { Bull } from "#workers/bull.ts";

const directConcurrency = 8;

/**
 * One turn of the relay: numbers new events and owes their webhooks, then hands due jobs to BullMQ; when Redis has been
 * away for longer than `patienceMs`, ten seconds unless told otherwise, performs them here (D6), with `perform`.
 */
export function relayTurn(
  ctx: Context,
  workshop: Workshop,
  bull: Bull,
  { patienceMs = 10_000, perform = (messageId: bigint) => runMessage(ctx, workshop, messageId) } = {},
): () => Promise<void> {
  let awaySinceMs: number | null = null;
  let isDirect = false;
  return async () => {
    while ((await sequenceEvents(ctx)) > 0);
    const nowMs = Date.now();
    if (bull.isUp()) {
      if (isDirect) ctx.log.info("Redis is back: jobs go through BullMQ again");
      awaySinceMs = null;
      isDirect = false;
      while ((await relayOutbox(ctx, (due) => publish(workshop, bull, due))) > 0);
      return;
    }
    awaySinceMs ??= nowMs;
    if (nowMs - awaySinceMs < patienceMs) return;
    if (!isDirect) ctx.log.warn("Redis is away: jobs are performed straight from the outbox");
    isDirect = true;
    await relayOutbox(ctx, (due) => performHere(perform, due));
  };
}

async function publish(workshop: Workshop, bull: Bull, due: readonly DueMessage[]): Promise<void> {
  const byQueue = Map.groupBy(
    due,
    ({ jobName }): QueueName => workshop.registry.get(jobName)?.job.queue ?? "upkeep",
  );
  for (const [queue, messages] of byQueue) await bull.publish(queue, messages);
}

async function performHere(
  perform: (messageId: bigint) => Promise<void>,
  due: readonly DueMessage[],
): Promise<void> {
  const waiting = [...due];
  const hand = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await perform(next.id);
  };
  await Promise.all(Array.from({ length: directConcurrency }, hand));
}
