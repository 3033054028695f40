import { cancelAsOperator } from "#server/payments/cancel-as-operator.ts";
import { balanceOf } from "#server/payments/domain/payment.ts";
import { loadFilterOptions } from "#server/payments/payment-queries.ts";
import {
  cancelPaymentInput,
  editCancelRequestInput,
  paymentKeyInput,
  paymentSearchInput,
  paymentSummaryInput,
  paymentWatchInput,
  previewCancelChangeInput,
  previewCancelInput,
  requestCancelInput,
} from "#server/payments/payment-search.schemas.ts";
import { previewCancelChange } from "#server/payments/preview-cancel-change.ts";
import { previewOperatorCancel } from "#server/payments/preview-operator-cancel.ts";
import { readIdempotencyKeys } from "#server/payments/read-idempotency-keys.ts";
import {
  readLedgerEntries,
  readPaymentAudit,
  readPaymentRecord,
  readVanExchanges,
} from "#server/payments/read-payment-record.ts";
import { editCancelRequest } from "#server/payments/request-cancel.ts";
import { requestCancelAsOperator } from "#server/payments/request-cancel-as-operator.ts";
import { searchPayments, summarizePayments, watchPayments } from "#server/payments/search-payments.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

const reader = operatorProcedure("payment:read");

/** The console's procedures about payments. */
export const paymentRouter = router({
  search: reader
    .input(paymentSearchInput)
    .query(({ ctx, input: { sort, cursor, limit, ...filter } }) =>
      searchPayments(ctx.context, { filter, sort, cursor: cursor ?? null, limit }),
    ),
  summary: reader.input(paymentSummaryInput).query(({ ctx, input }) => summarizePayments(ctx.context, input)),
  // A POST: a screen knows too many rows for an address. Under load it is the read that it is.
  watch: operatorProcedure("payment:read", "console_read")
    .input(paymentWatchInput)
    .mutation(({ ctx, input }) => watchPayments(ctx.context, input)),
  filterOptions: reader.query(({ ctx }) => loadFilterOptions(ctx.context.db)),
  detail: reader
    .input(paymentKeyInput)
    .query(({ ctx, input }) => readPaymentRecord(ctx.context, input.paymentKey)),
  ledger: reader
    .input(paymentKeyInput)
    .query(({ ctx, input }) => readLedgerEntries(ctx.context, input.paymentKey)),
  exchanges: reader
    .input(paymentKeyInput)
    .query(({ ctx, input }) => readVanExchanges(ctx.context, input.paymentKey)),
  idempotencyKeys: reader
    .input(paymentKeyInput)
    .query(({ ctx, input }) =>
      readIdempotencyKeys(ctx.context, { paymentId: input.paymentKey, traceId: ctx.traceId }),
    ),
  audit: operatorProcedure("audit:read")
    .input(paymentKeyInput)
    .query(({ ctx, input }) => readPaymentAudit(ctx.context, input.paymentKey)),
  // Part of cancelling, which is never turned away.
  previewCancel: operatorProcedure("payment:cancel", "never")
    .input(previewCancelInput)
    .query(({ ctx, input: { paymentKey, ...wish } }) =>
      previewOperatorCancel(ctx.context, { paymentId: paymentKey, ...wish, operator: ctx.operator }),
    ),
  // What whoever approves a cancel decides by.
  previewCancelChange: operatorProcedure("change-request:read", "never")
    .input(previewCancelChangeInput)
    .query(({ ctx, input }) => previewCancelChange(ctx.context, input)),
  cancel: operatorProcedure("payment:cancel")
    .input(cancelPaymentInput)
    .mutation(async ({ ctx, input: { paymentKey, language, ...wish } }) => {
      const { result, payment, cancel } = await cancelAsOperator(ctx.context, {
        ...wish,
        paymentId: paymentKey,
        operator: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
        locale: language,
      });
      return {
        result,
        status: payment.status,
        balanceMinor: balanceOf(payment),
        amountMinor: cancel.amountMinor,
        failureCode: cancel.failureCode,
        traceId: ctx.traceId,
      };
    }),
  // Above the limit of one person: asks another one.
  requestCancel: operatorProcedure("payment:cancel")
    .input(requestCancelInput)
    .mutation(({ ctx, input: { paymentKey, ...wish } }) =>
      requestCancelAsOperator(ctx.context, {
        ...wish,
        paymentId: paymentKey,
        operator: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),
  editCancelRequest: operatorProcedure("payment:cancel")
    .input(editCancelRequestInput)
    .mutation(({ ctx, input: { paymentKey, ...wish } }) =>
      editCancelRequest(ctx.context, {
        ...wish,
        paymentId: paymentKey,
        operator: { id: ctx.operator.id, role: ctx.operator.role, ipAddress: ctx.ipAddress },
        traceId: ctx.traceId,
      }),
    ),
});
