import { takeDueMessages } from "#server/outbox/outbox-repository.ts";
import type { Context } from "#server/platform/context.ts";

const batchMax = 500;
/** A message handed over and not heard of for this long is handed over again: BullMQ may have lost it (D6). */
const republishAfterMs = 15_000;

export type DueMessage = Readonly<{ id: bigint; jobName: string }>;

/**
 * Takes the due jobs of the outbox and hands them to `publish`. Two relays never hand over the same one; what `publish`
 * could not take is due again a little later, so nothing is lost with Redis.
 */
export async function relayOutbox(
  ctx: Pick<Context, "sql">,
  publish: (messages: readonly DueMessage[]) => Promise<void>,
): Promise<number> {
  const due = await takeDueMessages(ctx.sql, batchMax, republishAfterMs);
  if (due.length > 0) await publish(due);
  return due.length;
}
