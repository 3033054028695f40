import { z } from "zod";
import { eventTypes } from "#server/webhooks/domain/event-types.ts";
import {
  deliveryStates,
  endpointStatuses,
  resendLimit,
  webhookReasonLengthMax,
} from "#server/webhooks/webhook-console.values.ts";

const id = z.string().min(1).max(64);
const deliveryId = z.string().startsWith("whd_").max(64);
const resendId = z.string().startsWith("whr_").max(64);
const endpointId = z.string().startsWith("whe_").max(64);
const reason = z.string().trim().min(1).max(webhookReasonLengthMax);
const url = z.string().min(1).max(4_096);
const types = z
  .array(z.enum(eventTypes))
  .max(eventTypes.length)
  .refine((list) => new Set(list).size === list.length);

/** What an operator looks for in the log. An empty list means any. */
export const deliveryFilterSchema = z.object({
  mall: z.array(id).max(50).default([]),
  endpoint: z.array(endpointId).max(50).default([]),
  type: z.array(z.enum(eventTypes)).max(eventTypes.length).default([]),
  state: z.array(z.enum(deliveryStates)).max(deliveryStates.length).default([]),
  /** When the event was to be told, `to` excluded. */
  from: z.date().optional(),
  to: z.date().optional(),
  /** Part of a payment key, or a whole `evt_…` or `whd_…`. */
  q: z.string().trim().max(100).default(""),
});
export type DeliveryFilter = z.infer<typeof deliveryFilterSchema>;
export type DeliveryFilterInput = z.input<typeof deliveryFilterSchema>;
export const deliverySearchSchema = z.object({
  filter: deliveryFilterSchema,
  cursor: z.object({ createdAt: z.date(), id: z.string().max(64) }).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type DeliverySearch = z.infer<typeof deliverySearchSchema>;
export const deliveryIdSchema = z.object({ id: deliveryId });

/** `requestId` is made when the button is shown: the same click sent twice sends once. */
export const resendOneSchema = z.object({ id: deliveryId, requestId: z.uuid() });

/** Either deliveries by name, or everything that matches a filter. */
export const resendSelectionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ids"), ids: z.array(deliveryId).min(1).max(200) }),
  z.object({ kind: z.literal("filter"), filter: deliveryFilterSchema }),
]);
export type ResendSelection = z.infer<typeof resendSelectionSchema>;
export type ResendSelectionInput = z.input<typeof resendSelectionSchema>;
export const startResendSchema = z.object({
  selection: resendSelectionSchema,
  /** What the preview showed; more than that is refused with STALE_SELECTION. */
  preview: z.object({ at: z.date(), count: z.number().int().min(1).max(resendLimit) }),
  reason,
  /** Made once for each preview: the same start sent twice begins one run. */
  requestKey: z.uuid(),
});

export const resendIdSchema = z.object({ id: resendId });
export const endpointSearchSchema = z.object({
  mall: z.array(id).max(50).default([]),
  status: z.array(z.enum(endpointStatuses)).max(3).default(["ACTIVE", "PAUSED"]),
  cursor: z.object({ createdAt: z.date(), id: z.string().max(64) }).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type EndpointSearch = z.infer<typeof endpointSearchSchema>;
export const endpointIdSchema = z.object({ id: endpointId });
const endpointOfMall = { mallId: id, endpointId };
export const testEndpointByOperatorSchema = z.object(endpointOfMall);
export const addEndpointSchema = z.object({ mallId: id, url, types, reason });
export const editEndpointSchema = z.object({ ...endpointOfMall, url, types, reason });

/** Pauses, resumes, rotates or deletes: what is done is in the procedure's name. */
export const changeEndpointSchema = z.object({ ...endpointOfMall, reason });
