import { auditEntrySchema, auditFilterSchema, auditSearchSchema } from "#server/audit/audit.schemas.ts";
import {
  countAudit,
  readAuditChoices,
  readAuditEntry,
  searchAudit,
  verifyAuditChain,
} from "#server/audit/audit-queries.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The audit log of the console. */
export const auditRouter = router({
  search: operatorProcedure("audit:read")
    .input(auditSearchSchema)
    .query(({ ctx, input }) => searchAudit(ctx.context.db, input)),

  count: operatorProcedure("audit:read")
    .input(auditFilterSchema)
    .query(({ ctx, input }) => countAudit(ctx.context.db, input)),

  read: operatorProcedure("audit:read")
    .input(auditEntrySchema)
    .query(async ({ ctx, input }) => {
      const entry = await readAuditEntry(ctx.context.db, input.seq);
      if (!entry) throw new Refusal("NOT_FOUND");
      return entry;
    }),

  choices: operatorProcedure("audit:read").query(({ ctx }) => readAuditChoices(ctx.context.db)),

  /** Walks the chain, and records that somebody did: with what result. */
  verify: operatorProcedure("audit:read", "chart").mutation(async ({ ctx }) => {
    const { db, reports, now } = ctx.context;
    const check = await verifyAuditChain(reports, now());
    await recordAudit(db, {
      actor: { type: "operator", id: ctx.operator.id },
      action: "audit.verified",
      target: { type: "audit_log", id: "audit_log" },
      outcome: check.brokenAtSeq === null ? "success" : "failure",
      ipAddress: ctx.ipAddress,
      detail: { entries: check.entries, brokenAtSeq: check.brokenAtSeq },
    });
    return check;
  }),
});
