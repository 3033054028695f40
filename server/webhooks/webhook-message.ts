import { toSeoulIso } from "#server/core/business-date.ts";

export type PublicEvent = Readonly<{
  type: string;
  occurredAt: Date;
  sequence: bigint;
  data: Readonly<Record<string, unknown>>;
}>;

/** An event as malls see it, in a webhook's body and in `/events` alike (contract §3): JSON values only. */
export function toWireEvent(event: PublicEvent) {
  const sequence = Number(event.sequence);
  return { type: event.type, timestamp: toSeoulIso(event.occurredAt), data: { ...event.data, sequence } };
}

/** The `webhook-id` of an event: the same for every try and every endpoint, so a receiver can tell what it has seen. */
export function webhookIdOf(eventId: bigint): string {
  return `evt_${eventId}`;
}
