import { eventTypes } from "#server/webhooks/domain/event-types.ts";

/** The event types, for the filters and the endpoints of the console. */
export const webhookEventTypes = eventTypes;

/**
 * Where a delivery stands, as the log says it. `waiting`: not tried yet, or sent again and not tried since; `retrying`:
 * tried without success and to be tried again; `dead`: given up.
 */
export const deliveryStates = ["waiting", "retrying", "delivered", "dead"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** How many deliveries one resend takes. */
export const resendLimit = 5_000;

/** How many deliveries a resend sends in a second, so that a receiver that came back is not flooded. */
export const resendsPerSecond = 10;

/** A count above this is told as "more than". */
export const deliveryCountMax = 10_000;
export const webhookReasonLengthMax = 200;
export const endpointStatuses = ["ACTIVE", "PAUSED", "DELETED"] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];
