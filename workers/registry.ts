import { bulkCancelChange } from "#server/bulk/bulk-cancel-change.ts";
import { runBulkCancelJob } from "#server/bulk/bulk-jobs.ts";
import { runBulkCancel } from "#server/bulk/run-bulk-cancel.ts";
import { type ChangeExecutions, carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { carryOutChangeJob } from "#server/change-requests/change-jobs.ts";
import { limitChange } from "#server/change-requests/limit-change.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { redriveChange } from "#server/dead-letters/redrive-change.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { runExportJob } from "#server/exports/export-jobs.ts";
import { runExport } from "#server/exports/run-export.ts";
import { contractChange } from "#server/malls/contract-change.ts";
import { keyChange } from "#server/malls/key-change.ts";
import { type Workshop, work } from "#server/outbox/run-message.ts";
import { cancelChange } from "#server/payments/cancel-change.ts";
import { followUpInquiry } from "#server/payments/follow-up-inquiry.ts";
import {
  followUpInquiryJob,
  netCancelJob,
  recoverCancelJob,
  reverseOrphanJob,
} from "#server/payments/payment-jobs.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { resolvePayment } from "#server/payments/resolve-payment.ts";
import { reverseOrphan } from "#server/payments/reverse-orphan.ts";
import { reconcileDay } from "#server/reconciliation/reconcile-day.ts";
import { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import {
  adjustmentChange,
  confirmationChange,
  payoutChange,
  withholdingChange,
} from "#server/settlement/settlement-changes.ts";
import { settleMallJob } from "#server/settlement/settlement-jobs.ts";
import { deliverWebhook } from "#server/webhooks/deliver-webhook.ts";
import { runResend } from "#server/webhooks/run-resend.ts";
import { deliverWebhookJob, resendWebhooksJob } from "#server/webhooks/webhook-jobs.ts";
import { workOnRun } from "#server/work-runs/work-on-run.ts";
import { workRunJob } from "#server/work-runs/work-run-job.ts";

/** What is done once a second person has approved it, kind by kind. */
const changeExecutions: ChangeExecutions = {
  CANCEL: cancelChange,
  BULK_CANCEL: bulkCancelChange,
  BULK_REDRIVE: redriveChange,
  KEY_CHANGE: keyChange,
  CONTRACT_CHANGE: contractChange,
  LIMIT_CHANGE: limitChange,
  SETTLEMENT_CONFIRM: confirmationChange,
  SETTLEMENT_PAYOUT: payoutChange,
  WITHHOLD: withholdingChange,
  ADJUSTMENT: adjustmentChange,
};

/** Every job and the use case that performs it: all that runs in the background, on one page. */
export const registry = [
  work(netCancelJob, resolvePayment),
  work(followUpInquiryJob, followUpInquiry),
  work(reverseOrphanJob, reverseOrphan),
  work(recoverCancelJob, recoverCancel),
  work(runBulkCancelJob, runBulkCancel),
  work(settleMallJob, settleMall),
  work(reconcileDayJob, reconcileDay),
  work(deliverWebhookJob, deliverWebhook),
  work(carryOutChangeJob, carryOutChange(changeExecutions)),
  work(workRunJob, workOnRun([redriveRun])),
  work(resendWebhooksJob, runResend),
  work(runExportJob, runExport),
] as const;

export const workshop: Workshop = {
  registry: new Map(registry.map((entry) => [entry.job.name, entry])),
  afterlife: { park: parkDeadLetter, resolve: resolveDeadLetter },
};
