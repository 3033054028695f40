import { Refusal } from "#server/core/refusals.ts";
import { readAnomalies } from "#server/settlement/anomaly-queries.ts";
import { listOpenRequests, readAskedSettlements } from "#server/settlement/asked-settlements.ts";
import { listCalendars, readHolidays } from "#server/settlement/calendar-queries.ts";
import { activateCalendar, draftCalendar, previewCalendar } from "#server/settlement/change-calendar.ts";
import { explainLine } from "#server/settlement/explain-line.ts";
import { explainPayout } from "#server/settlement/explain-payout.ts";
import { readFundReport } from "#server/settlement/fund-queries.ts";
import { openBatch, recomputeBatch } from "#server/settlement/open-batch.ts";
import { describeStatement } from "#server/settlement/read-statement.ts";
import { reportFund } from "#server/settlement/report-fund.ts";
import { requestAdjustment } from "#server/settlement/request-adjustment.ts";
import { requestConfirmation, requestPayout } from "#server/settlement/request-confirmation.ts";
import { requestRelease, requestWithholding } from "#server/settlement/request-withholding.ts";
import {
  activateCalendarSchema,
  adjustSchema,
  askedSettlementsSchema,
  batchDateSchema,
  batchListSchema,
  calendarVersionSchema,
  decideSettlementsSchema,
  draftCalendarSchema,
  explainLineSchema,
  fundReportSchema,
  openRequestsSchema,
  pendingListSchema,
  recomputeBatchSchema,
  releaseSchema,
  reportFundSchema,
  settlementIdSchema,
  settlementLinesSchema,
  settlementListSchema,
  settlementSummarySchema,
  statementSchema,
  withholdSchema,
} from "#server/settlement/settlement.schemas.ts";
import {
  listBatches,
  listLines,
  listPending,
  listSettledMalls,
  listSettlements,
  readBatch,
  readSettlement,
  summarizeSettlements,
} from "#server/settlement/settlement-queries.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";

const reader = operatorProcedure("settlement:read");
/** Who makes batches run, and asks for what needs a second person. */
const settler = operatorProcedure("settlement:manage");
/** Who may carry a file out of the platform. */
const sender = operatorProcedure("export:make");
const planner = operatorProcedure("settlement:calendar");

type Asked = Pick<RequestContext, "ipAddress" | "traceId"> &
  Readonly<{ operator: NonNullable<RequestContext["operator"]> }>;
const actorOf = ({ operator, ipAddress }: Asked) =>
  ({ type: "operator", id: operator.id, ipAddress: ipAddress ?? undefined }) as const;
const makerOf = ({ operator, ipAddress, traceId }: Asked) => ({
  maker: { id: operator.id, role: operator.role, ipAddress },
  traceId,
});

/** Settlement 정산: batches, what they say, and what people decide about it. */
export const settlementRouter = router({
  list: reader
    .input(settlementListSchema)
    .query(({ ctx, input }) => listSettlements(ctx.context.reports, input)),

  summary: reader
    .input(settlementSummarySchema)
    .query(({ ctx, input }) => summarizeSettlements(ctx.context.reports, input)),

  /** What to look at first in the newest date that is settled. */
  anomalies: reader.query(({ ctx }) => readAnomalies(ctx.context.reports)),

  /** For the choice of a filter. */
  malls: reader.query(({ ctx }) => listSettledMalls(ctx.context.reports)),

  read: reader.input(settlementIdSchema).query(async ({ ctx, input }) => {
    const settlement = await readSettlement(ctx.context.reports, input.settlementId);
    if (!settlement) throw new Refusal("NOT_FOUND");
    return settlement;
  }),

  /** What is asked for of some settlements and still open. */
  openRequests: reader
    .input(openRequestsSchema)
    .query(({ ctx, input }) => listOpenRequests(ctx.context.sql, input.settlementIds)),

  /** What a request would confirm or pay out, as it stands now. */
  asked: reader
    .input(askedSettlementsSchema)
    .query(({ ctx, input }) => readAskedSettlements(ctx.context.sql, input.requestId)),

  lines: reader.input(settlementLinesSchema).query(({ ctx, input }) => listLines(ctx.context.reports, input)),

  explain: reader.input(explainLineSchema).query(({ ctx, input }) => explainLine(ctx.context, input)),

  explainPayout: reader
    .input(settlementIdSchema)
    .query(({ ctx, input }) => explainPayout(ctx.context, input.settlementId)),

  /** What goes with the statement of a settlement; the PDF itself comes from `/api/console/settlements/[settlementId]/statement`. */
  statement: sender.input(statementSchema).query(({ ctx, input }) => describeStatement(ctx.context, input)),

  batches: reader.input(batchListSchema).query(({ ctx, input }) => listBatches(ctx.context.reports, input)),

  /** How far a batch is; a screen asks again while it runs. */
  batch: reader.input(batchDateSchema).query(async ({ ctx, input }) => {
    const batch = await readBatch(ctx.context.reports, input.businessDate);
    if (!batch) throw new Refusal("NOT_FOUND");
    return batch;
  }),

  pending: reader.input(pendingListSchema).query(({ ctx, input }) => listPending(ctx.context.reports, input)),

  run: settler
    .input(batchDateSchema)
    .mutation(({ ctx, input }) =>
      openBatch(ctx.context, { ...input, actor: actorOf(ctx), traceId: ctx.traceId }),
    ),

  recompute: settler
    .input(recomputeBatchSchema)
    .mutation(({ ctx, input }) =>
      recomputeBatch(ctx.context, { ...input, actor: actorOf(ctx), traceId: ctx.traceId }),
    ),

  confirm: settler
    .input(decideSettlementsSchema)
    .mutation(({ ctx, input }) => requestConfirmation(ctx.context, { ...input, ...makerOf(ctx) })),

  payOut: settler
    .input(decideSettlementsSchema)
    .mutation(({ ctx, input }) => requestPayout(ctx.context, { ...input, ...makerOf(ctx) })),

  withhold: settler
    .input(withholdSchema)
    .mutation(({ ctx, input }) => requestWithholding(ctx.context, { ...input, ...makerOf(ctx) })),

  release: settler
    .input(releaseSchema)
    .mutation(({ ctx, input }) => requestRelease(ctx.context, { ...input, ...makerOf(ctx) })),

  adjust: settler
    .input(adjustSchema)
    .mutation(({ ctx, input }) => requestAdjustment(ctx.context, { ...input, ...makerOf(ctx) })),

  calendars: reader.query(({ ctx }) => listCalendars(ctx.context.reports)),

  holidays: reader
    .input(calendarVersionSchema)
    .query(({ ctx, input }) => readHolidays(ctx.context.reports, input.version)),

  draftCalendar: planner
    .input(draftCalendarSchema)
    .mutation(({ ctx, input }) => draftCalendar(ctx.context, { ...input, actor: actorOf(ctx) })),

  previewCalendar: planner
    .input(calendarVersionSchema)
    .query(({ ctx, input }) => previewCalendar(ctx.context, input)),

  activateCalendar: planner
    .input(activateCalendarSchema)
    .mutation(({ ctx, input }) => activateCalendar(ctx.context, { ...input, actor: actorOf(ctx) })),

  funds: reader.input(fundReportSchema).query(({ ctx, input }) => readFundReport(ctx.context.reports, input)),

  reportFund: settler
    .input(reportFundSchema)
    .mutation(({ ctx, input }) => reportFund(ctx.context, { ...input, actor: actorOf(ctx) })),
});
