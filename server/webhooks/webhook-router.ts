import { operatorProcedure, router } from "#server/trpc/init.ts";
import { readDeliveries } from "#server/webhooks/read-deliveries.ts";
import { deliveriesOfPaymentInput } from "#server/webhooks/webhook.schemas.ts";

/** The console's procedures about webhooks. */
export const webhookRouter = router({
  ofPayment: operatorProcedure("payment:read")
    .input(deliveriesOfPaymentInput)
    .query(({ ctx, input }) => readDeliveries(ctx.context, input.paymentKey)),
});
