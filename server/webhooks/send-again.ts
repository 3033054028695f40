import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { wakeMessage } from "#server/outbox/wake-message.ts";
import type { Sql } from "#server/platform/db.ts";
import {
  hasDeliveryJob,
  type LockedDelivery,
  lockDeliveries,
  type ResendResult,
  reopenDeliveries,
} from "#server/webhooks/resend-repository.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";

export type SentAgain = Readonly<{ delivery: LockedDelivery; result: ResendResult | "ALREADY" }>;

/**
 * Sends deliveries again, inside the caller's transaction. One that is over, delivered or dead, is opened and gets a
 * fresh job with all its tries; one that has a job is tried now instead, so nothing is ever on its way twice. The event
 * and its `webhook-id` stay what they are, and the events of one payment go in their order (WH-2), as each waits for
 * the one before it. A dead letter of it is closed. What its endpoint does not take is left alone.
 * `requestId` names the wish: sending it a second time does nothing (`ALREADY`).
 */
export async function sendAgain(
  sql: Sql,
  {
    ids,
    requestId,
    traceId,
    at,
  }: { ids: readonly string[]; requestId: string; traceId: string | null; at: Date },
): Promise<SentAgain[]> {
  const jobKeyOf = (id: string) => `${id}#resend-${requestId}`;
  const sent: SentAgain[] = [];
  for (const delivery of await lockDeliveries(sql, ids))
    sent.push({ delivery, result: await decide(sql, delivery, jobKeyOf(delivery.id)) });
  const again = sent.flatMap(({ delivery, result }) => (result === "RESENT" ? [delivery] : []));
  await reopenDeliveries(
    sql,
    again.map(({ id }) => id),
    at,
  );
  await enqueue(
    sql,
    again.map(({ id, subjectId }) =>
      outboxRow(deliverWebhookJob, jobKeyOf(id), { deliveryId: id }, { subjectId, traceId }),
    ),
  );
  for (const { id } of again)
    await resolveDeadLetter(sql, { jobKey: `${deliverWebhookJob.name}:${id}`, resolution: "resent" });
  for (const { delivery, result } of sent)
    if (result === "HASTENED" && delivery.openJobKey)
      await wakeMessage(sql, {
        job: deliverWebhookJob,
        jobKey: delivery.openJobKey,
        subjectId: delivery.subjectId,
      });
  return sent;
}

async function decide(sql: Sql, delivery: LockedDelivery, jobKey: string): Promise<SentAgain["result"]> {
  if (delivery.endpointStatus !== "ACTIVE") return delivery.endpointStatus;
  if (await hasDeliveryJob(sql, jobKey)) return "ALREADY";
  // The job of one that was just delivered is about to be closed: waking it would send nothing.
  return delivery.openJobKey === null || delivery.status === "DELIVERED" ? "RESENT" : "HASTENED";
}
