import type { Db } from "#server/platform/db.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";

/** Reads what malls were told about one subject: its events in order, each with its deliveries and their tries. */
export async function loadEventsOfSubject(db: Db, subjectId: string) {
  return db.event.findMany({
    where: { subjectId },
    orderBy: { id: "asc" },
    select: {
      id: true,
      type: true,
      sequence: true,
      data: true,
      occurredAt: true,
      deliveries: {
        orderBy: { createdAt: "asc" },
        select: {
          id: true,
          status: true,
          attempts: true,
          createdAt: true,
          completedAt: true,
          endpoint: { select: { id: true, url: true, status: true, pausedReason: true } },
          tries: { orderBy: { id: "asc" } },
        },
      },
    },
  });
}

/** When each waiting delivery of a subject is tried next, by delivery. */
export async function loadDueDeliveries(db: Db, subjectId: string): Promise<ReadonlyMap<string, Date>> {
  const due = await db.outboxMessage.findMany({
    where: { subjectId, jobName: deliverWebhookJob.name, doneAt: null, deadAt: null },
    select: { payload: true, availableAt: true },
  });
  return new Map(
    due.map(({ payload, availableAt }) => [deliverWebhookJob.payload.parse(payload).deliveryId, availableAt]),
  );
}
