import { z } from "zod";
import { defineJob } from "#server/platform/job.ts";
import { deliveryDelaysMs } from "#server/webhooks/domain/delivery-schedule.ts";

/** Sends one event to one endpoint; ten tries over three days, then a dead letter (WH-4). */
export const deliverWebhookJob = defineJob({
  name: "deliver-webhook",
  queue: "webhooks",
  payload: z.object({ deliveryId: z.string() }),
  delaysMs: deliveryDelaysMs,
});

/** Sends many deliveries again, a few each second. It never gives up by itself, so its delays are for errors outside it. */
export const resendWebhooksJob = defineJob({
  name: "resend-webhooks",
  queue: "webhooks",
  payload: z.object({ resendId: z.string() }),
  delaysMs: deliveryDelaysMs,
});
