import type { Context } from "#server/platform/context.ts";
import { loadDueDeliveries, loadEventsOfSubject } from "#server/webhooks/delivery-queries.ts";
import { maskBody } from "#server/webhooks/domain/mask-body.ts";
import { webhookHeaders } from "#server/webhooks/post-webhook.ts";
import { webhookTimestampOf } from "#server/webhooks/sign-webhook.ts";
import { toWireEvent, webhookIdOf } from "#server/webhooks/webhook-message.ts";

export type EventDeliveries = Awaited<ReturnType<typeof readDeliveries>>[number];

/** A header of a try; `value` is null for the signature: it is not kept, and the secret that makes it is never shown. */
export type SentHeader = Readonly<{ name: string; value: string | null }>;

/**
 * What malls were told about one subject (a payment), oldest first. `body` is what every try of an event sent: the same
 * bytes, made from the stored event, masked for the screen; null until the event has its place in the sequence, for nothing is sent before.
 */
export async function readDeliveries(ctx: Pick<Context, "db">, subjectId: string) {
  const [events, dueAt] = await Promise.all([
    loadEventsOfSubject(ctx.db, subjectId),
    loadDueDeliveries(ctx.db, subjectId),
  ]);
  return events.map(({ data, deliveries, ...event }) => ({
    ...event,
    body: shown(bodyOf({ ...event, data })),
    deliveries: deliveries.map(({ tries, ...delivery }) => ({
      ...delivery,
      /** When it is tried next; null when it has ended. */
      nextTryAt: dueAt.get(delivery.id) ?? null,
      tries: tries.map(({ id: _, deliveryId: __, ...made }) => ({
        ...made,
        responseBody: made.responseBody === null ? null : maskBody(made.responseBody),
        headers: headersOf(event.id, made.startedAt),
      })),
    })),
  }));
}

/** A body as a screen may show it. */
function shown(body: string | null): string | null {
  return body === null ? null : maskBody(body).text;
}

/** The bytes that every try of an event sends; null until it has its place in the sequence. */
export function bodyOf({
  type,
  occurredAt,
  sequence,
  data,
}: {
  type: string;
  occurredAt: Date;
  sequence: bigint | null;
  data: unknown;
}): string | null {
  if (sequence === null) return null;
  return JSON.stringify(toWireEvent({ type, occurredAt, sequence, data: data as Record<string, unknown> }));
}

/** The headers of a try, as far as they are kept. */
export function headersOf(eventId: bigint, startedAt: Date): SentHeader[] {
  return [
    { name: "webhook-id", value: webhookIdOf(eventId) },
    { name: "webhook-timestamp", value: webhookTimestampOf(startedAt) },
    { name: "webhook-signature", value: null },
    ...Object.entries(webhookHeaders).map(([name, value]) => ({ name, value })),
  ];
}
