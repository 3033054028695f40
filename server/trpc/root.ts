import { auditRouter } from "#server/audit/audit-router.ts";
import { bulkCancelRouter } from "#server/bulk/bulk-cancel-router.ts";
import { deadLetterRouter } from "#server/dead-letters/dead-letter-router.ts";
import { incidentRouter } from "#server/incidents/incident-router.ts";
import { integrityRouter } from "#server/integrity/integrity-router.ts";
import { paymentRouter } from "#server/payments/payment-router.ts";
import { latencyRouter } from "#server/reports/latency-router.ts";
import { router } from "#server/trpc/init.ts";
import { vanRouter } from "#server/van/van-router.ts";
import { webhookRouter } from "#server/webhooks/webhook-router.ts";
import { xViewRouter } from "#server/x-view/x-view-router.ts";

/** Every procedure of the console, by module. */
export const appRouter = router({
  payment: paymentRouter,
  bulkCancel: bulkCancelRouter,
  deadLetter: deadLetterRouter,
  latency: latencyRouter,
  van: vanRouter,
  audit: auditRouter,
  incident: incidentRouter,
  integrity: integrityRouter,
  xView: xViewRouter,
  webhook: webhookRouter,
});

export type AppRouter = typeof appRouter;
