import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { ExportSource, RequestExportInput } from "#server/exports/export.schemas.ts";
import {
  type ExportKind,
  exportReasonMin,
  exportRowsMax,
  openExportsMax,
  openExportsOfOneMax,
} from "#server/exports/export.values.ts";
import { runExportJob } from "#server/exports/export-jobs.ts";
import {
  countOpenExports,
  findExportOfRequest,
  holdExportTurn,
  insertExport,
} from "#server/exports/export-repository.ts";
import { freezeSource } from "#server/exports/freeze-source.ts";
import { planExport } from "#server/exports/plan-export.ts";
import { mayDo, type OperatorRole, type Permission } from "#server/operators/permissions.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Context } from "#server/platform/context.ts";

/** Nobody takes away what they may not see. */
const readRights: Readonly<Record<ExportKind, Permission>> = {
  PAYMENTS: "payment:read",
  SETTLEMENTS: "settlement:read",
  SETTLEMENT_LINES: "settlement:read",
  SETTLEMENT_DAYS: "settlement:read",
  SETTLEMENT_METHODS: "settlement:read",
  RECONCILIATION: "reconciliation:read",
  AUDIT: "audit:read",
};

export type RequestExport = RequestExportInput &
  Readonly<{
    operator: Readonly<{ id: string; role: OperatorRole; ipAddress: string | null }>;
    traceId: string;
  }>;

/**
 * Asks for a file of a list: the filter is frozen as it is meant now, and the job makes the rest. Export, job and audit
 * are one commit; the same `requestKey` makes one export, whose id is returned each time. Refuses with FORBIDDEN_SCOPE who
 * may not see the list or asks for personal data without the right to it, with REASON_REQUIRED, EXPORT_TOO_LARGE, and
 * EXPORT_LIMIT_REACHED when too many are under way.
 */
export async function requestExport(
  ctx: Pick<Context, "sql" | "reports" | "db" | "now" | "ids">,
  { source, operator, traceId, ...wish }: RequestExport,
): Promise<{ exportId: string }> {
  requireRights(source.kind, operator.role, wish.isMasked);
  const reason = wish.reason.trim();
  if ([...reason].length < exportReasonMin) throw new Refusal("REASON_REQUIRED", { field: "reason" });
  const earlier = await earlierOf(ctx, wish.requestKey, operator.id);
  if (earlier) return earlier;

  const at = ctx.now();
  const frozen = await freezeSource(ctx, source, at);
  const { count } = await planExport(frozen, { ...wish, at }).readSums(ctx.reports);
  if (count > exportRowsMax) throw new Refusal("EXPORT_TOO_LARGE", { count, max: exportRowsMax });

  const id = ctx.ids.newId("export");
  const isNew = await ctx.sql.transaction(async (sql) => {
    await holdExportTurn(sql, advisoryLocks.exportTurn);
    const open = await countOpenExports(sql, operator.id);
    if (open.ofOne >= openExportsOfOneMax || open.ofAll >= openExportsMax)
      throw new Refusal("EXPORT_LIMIT_REACHED", { max: openExportsOfOneMax });
    const isInserted = await insertExport(sql, {
      ...wish,
      id,
      source: frozen,
      reason,
      seenCount: wish.seenCount ?? null,
      requestedBy: operator.id,
      ipAddress: operator.ipAddress,
      requestedAt: at,
      traceId,
    });
    if (!isInserted) return false;
    await enqueue(sql, [outboxRow(runExportJob, id, { exportId: id }, { subjectId: id, traceId })]);
    const { kind, ...of } = frozen;
    await recordAudit(sql, {
      actor: { type: "operator", id: operator.id },
      action: "export.requested",
      target: { type: "export", id },
      outcome: "success",
      ipAddress: operator.ipAddress,
      detail: {
        kind,
        format: wish.format,
        ...of,
        columns: wish.columns.length > 0 ? wish.columns : "all",
        isMasked: wish.isMasked,
        purpose: wish.purpose,
        reason,
        count,
      },
    });
    return true;
  });
  if (isNew) return { exportId: id };
  const other = await earlierOf(ctx, wish.requestKey, operator.id);
  if (!other) throw new Refusal("INVALID_REQUEST", { field: "requestKey" });
  return other;
}

/** Refuses with FORBIDDEN_SCOPE what this role may not take away. */
function requireRights(kind: ExportKind, role: OperatorRole, isMasked: boolean): void {
  if (!mayDo(role, readRights[kind]) || (!isMasked && !mayDo(role, "export:unmask")))
    throw new Refusal("FORBIDDEN_SCOPE");
}

async function earlierOf(
  ctx: Pick<Context, "sql">,
  requestKey: string,
  operatorId: string,
): Promise<{ exportId: string } | undefined> {
  const earlier = await findExportOfRequest(ctx.sql, requestKey);
  if (!earlier) return undefined;
  if (earlier.requestedBy !== operatorId) throw new Refusal("INVALID_REQUEST", { field: "requestKey" });
  return { exportId: earlier.id };
}

/** What the sheet says before anything is asked for: how many rows it would be, and the columns to choose from. */
export async function previewExport(
  ctx: Pick<Context, "reports" | "db" | "now">,
  { source, language, role }: Readonly<{ source: ExportSource; language: "ko" | "en"; role: OperatorRole }>,
): Promise<
  Readonly<{
    count: number;
    max: number;
    columns: readonly Readonly<{ key: string; heading: string }>[];
  }>
> {
  requireRights(source.kind, role, true);
  const at = ctx.now();
  const plan = planExport(await freezeSource(ctx, source, at), { at, columns: [], language, isMasked: true });
  const { count } = await plan.readSums(ctx.reports);
  return {
    count,
    max: exportRowsMax,
    columns: plan.columns.map(({ key, heading }) => ({ key, heading })),
  };
}
