import type { AuditFilter } from "#server/audit/audit.schemas.ts";
import { type ExportedAction, exportAudit } from "#server/audit/audit-queries.ts";
import { wordFor } from "#server/exports/domain/file-words.ts";
import { maskAddress, maskContacts } from "#server/exports/domain/mask-detail.ts";
import { column, type ExportPlan, type RowView } from "#server/exports/export-plan.ts";

/** The audit log, newest first. */
export function planAudit(filter: AuditFilter, { language, isMasked }: RowView): ExportPlan<ExportedAction> {
  const { rows, readCount } = exportAudit(filter);
  return {
    rows,
    readSums: async (sql) => ({ count: await readCount(sql), sums: new Map() }),
    groupOf: () => null,
    columns: [
      column("seq", "count", language, (row) => Number(row.seq)),
      column("at", "time", language, (row) => row.at.getTime()),
      column("actorType", "text", language, (row) => row.actorType, { width: 10 }),
      column("actorName", "text", language, (row) => row.actorName),
      column("actorId", "text", language, (row) => row.actorId, { width: 32 }),
      column("action", "text", language, (row) => row.action, { width: 28 }),
      column("targetType", "text", language, (row) => row.targetType),
      column("targetId", "text", language, (row) => row.targetId, { width: 34 }),
      column("outcome", "text", language, (row) => wordFor("outcome", row.outcome, language), { width: 8 }),
      column("ipAddress", "text", language, (row) =>
        row.ipAddress !== null && isMasked ? maskAddress(row.ipAddress) : row.ipAddress,
      ),
      column("detail", "text", language, (row) => (isMasked ? maskContacts(row.detail) : row.detail), {
        width: 60,
      }),
    ],
  };
}
