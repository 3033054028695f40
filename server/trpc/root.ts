import { auditRouter } from "#server/audit/audit-router.ts";
import { bulkCancelRouter } from "#server/bulk/bulk-cancel-router.ts";
import { changeRequestRouter } from "#server/change-requests/change-request-router.ts";
import { deadLetterRouter } from "#server/dead-letters/dead-letter-router.ts";
import { exportRouter } from "#server/exports/export-router.ts";
import { incidentRouter } from "#server/incidents/incident-router.ts";
import { integrityRouter } from "#server/integrity/integrity-router.ts";
import { mallRouter } from "#server/malls/mall-router.ts";
import { operatorRouter } from "#server/operators/operator-router.ts";
import { paymentRouter } from "#server/payments/payment-router.ts";
import { unresolvedRouter } from "#server/payments/unresolved-router.ts";
import { reconciliationRouter } from "#server/reconciliation/reconciliation-router.ts";
import { homeRouter } from "#server/reports/home-router.ts";
import { latencyRouter } from "#server/reports/latency-router.ts";
import { savedViewRouter } from "#server/saved-views/saved-view-router.ts";
import { settlementRouter } from "#server/settlement/settlement-router.ts";
import { router } from "#server/trpc/init.ts";
import { vanRouter } from "#server/van/van-router.ts";
import { webhookRouter } from "#server/webhooks/webhook-router.ts";
import { xViewRouter } from "#server/x-view/x-view-router.ts";

/** Every procedure of the console, by module. */
export const appRouter = router({
  home: homeRouter,
  payment: paymentRouter,
  unresolved: unresolvedRouter,
  bulkCancel: bulkCancelRouter,
  deadLetter: deadLetterRouter,
  latency: latencyRouter,
  van: vanRouter,
  audit: auditRouter,
  incident: incidentRouter,
  integrity: integrityRouter,
  xView: xViewRouter,
  webhook: webhookRouter,
  savedView: savedViewRouter,
  changeRequest: changeRequestRouter,
  operator: operatorRouter,
  mall: mallRouter,
  settlement: settlementRouter,
  reconciliation: reconciliationRouter,
  export: exportRouter,
});

export type AppRouter = typeof appRouter;
