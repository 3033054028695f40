import { Refusal } from "#server/core/refusals.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";
import { deleteEndpoint } from "#server/webhooks/delete-endpoint.ts";
import { countDeliveries, searchDeliveries } from "#server/webhooks/delivery-log-queries.ts";
import { editEndpoint } from "#server/webhooks/edit-endpoint.ts";
import { endPreviousSecret } from "#server/webhooks/end-previous-secret.ts";
import { readEndpointLine, readWebhookChoices, searchEndpoints } from "#server/webhooks/endpoint-queries.ts";
import { previewResend } from "#server/webhooks/preview-resend.ts";
import { readDeliveries } from "#server/webhooks/read-deliveries.ts";
import { readDelivery } from "#server/webhooks/read-delivery.ts";
import { registerEndpoint } from "#server/webhooks/register-endpoint.ts";
import { resendDelivery } from "#server/webhooks/resend-delivery.ts";
import { readResend, readRunningResends } from "#server/webhooks/resend-queries.ts";
import { rotateEndpointSecret } from "#server/webhooks/rotate-endpoint-secret.ts";
import { startResend } from "#server/webhooks/start-resend.ts";
import { stopResend } from "#server/webhooks/stop-resend.ts";
import { pauseEndpoint, resumeEndpoint } from "#server/webhooks/switch-endpoint.ts";
import { testEndpoint } from "#server/webhooks/test-endpoint.ts";
import { deliveriesOfPaymentInput } from "#server/webhooks/webhook.schemas.ts";
import {
  addEndpointSchema,
  changeEndpointSchema,
  deliveryFilterSchema,
  deliveryIdSchema,
  deliverySearchSchema,
  editEndpointSchema,
  endpointIdSchema,
  endpointSearchSchema,
  resendIdSchema,
  resendOneSchema,
  resendSelectionSchema,
  startResendSchema,
  testEndpointByOperatorSchema,
} from "#server/webhooks/webhook-console.schemas.ts";

const reads = operatorProcedure("webhook:read");
const resends = operatorProcedure("webhook:resend");
const changes = operatorProcedure("webhook:manage").input(changeEndpointSchema);

type Asked = Pick<RequestContext, "ipAddress" | "traceId"> & { operator: { id: string } };

function byOperator(ctx: Asked) {
  const actor = { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress } as const;
  return { actor, traceId: ctx.traceId };
}

/** An input with a reason, as a use case takes it: who asked, and why. */
function asChange<Input extends { reason: string }>(ctx: Asked, { reason, ...input }: Input) {
  return { ...input, by: { ...byOperator(ctx), reason } };
}

/** The console's procedures about webhooks. */
export const webhookRouter = router({
  ofPayment: operatorProcedure("payment:read")
    .input(deliveriesOfPaymentInput)
    .query(({ ctx, input }) => readDeliveries(ctx.context, input.paymentKey)),

  choices: reads.query(({ ctx }) => readWebhookChoices(ctx.context.db)),

  search: reads
    .input(deliverySearchSchema)
    .query(({ ctx, input }) => searchDeliveries(ctx.context.db, input)),

  count: reads.input(deliveryFilterSchema).query(({ ctx, input }) => countDeliveries(ctx.context.db, input)),

  read: reads.input(deliveryIdSchema).query(({ ctx, input }) => readDelivery(ctx.context, input.id)),

  resend: resends
    .input(resendOneSchema)
    .mutation(({ ctx, input }) => resendDelivery(ctx.context, { ...input, by: byOperator(ctx) })),

  // A mutation although it changes nothing: what it says is of this moment, so no cache may repeat it.
  previewResend: resends
    .input(resendSelectionSchema)
    .mutation(({ ctx, input }) => previewResend(ctx.context, input)),

  startResend: resends
    .input(startResendSchema)
    .mutation(({ ctx, input }) => startResend(ctx.context, { ...input, by: byOperator(ctx) })),

  stopResend: resends
    .input(resendIdSchema)
    .mutation(({ ctx, input }) => stopResend(ctx.context, { id: input.id, by: byOperator(ctx) })),

  resendProgress: reads.input(resendIdSchema).query(async ({ ctx, input }) => {
    const resend = await readResend(ctx.context.db, input.id);
    if (!resend) throw new Refusal("NOT_FOUND");
    return resend;
  }),

  runningResends: reads.query(({ ctx }) => readRunningResends(ctx.context.db)),

  endpoints: reads
    .input(endpointSearchSchema)
    .query(({ ctx, input }) => searchEndpoints(ctx.context.db, input, ctx.context.now())),

  endpoint: reads.input(endpointIdSchema).query(async ({ ctx, input }) => {
    const endpoint = await readEndpointLine(ctx.context.db, input.id, ctx.context.now());
    if (!endpoint) throw new Refusal("NOT_FOUND");
    return endpoint;
  }),

  testEndpoint: resends
    .input(testEndpointByOperatorSchema)
    .mutation(({ ctx, input }) => testEndpoint(ctx.context, { ...input, by: byOperator(ctx) })),

  addEndpoint: operatorProcedure("webhook:manage")
    .input(addEndpointSchema)
    .mutation(({ ctx, input }) => registerEndpoint(ctx.context, asChange(ctx, input))),

  editEndpoint: operatorProcedure("webhook:manage")
    .input(editEndpointSchema)
    .mutation(({ ctx, input }) => editEndpoint(ctx.context, asChange(ctx, input))),

  pauseEndpoint: changes.mutation(({ ctx, input }) => pauseEndpoint(ctx.context, asChange(ctx, input))),
  resumeEndpoint: changes.mutation(({ ctx, input }) => resumeEndpoint(ctx.context, asChange(ctx, input))),
  rotateSecret: changes.mutation(({ ctx, input }) => rotateEndpointSecret(ctx.context, asChange(ctx, input))),
  endPreviousSecret: changes.mutation(({ ctx, input }) =>
    endPreviousSecret(ctx.context, asChange(ctx, input)),
  ),
  deleteEndpoint: changes.mutation(({ ctx, input }) => deleteEndpoint(ctx.context, asChange(ctx, input))),
});
