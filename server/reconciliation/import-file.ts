import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { endOfBusinessDate, isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { vanReaderOf } from "#server/reconciliation/daily-file.ts";
import { endOutdatedRequests, matchDay } from "#server/reconciliation/match-day.ts";
import { lockDays, openDay } from "#server/reconciliation/recon-day-repository.ts";
import { findFileByHash, writeFileRows } from "#server/reconciliation/recon-file-repository.ts";
import type { MatchCounts } from "#server/reconciliation/recon-match-repository.ts";
import type { FileKind } from "#server/reconciliation/reconciliation.values.ts";
import { withSpooledFile } from "#server/reconciliation/spool-file.ts";

export type ImportFile = Readonly<{
  vanCode: string;
  /** The business date it is of, `YYYY-MM-DD`. */
  businessDate: string;
  kind: FileKind;
  bytes: AsyncIterable<Uint8Array>;
  actor: Actor;
  traceId: string | null;
}>;

/** `match` is null while the VAN's own file of the day is missing. */
export type ImportedFile = Readonly<{ fileId: string; recordCount: number; match: MatchCounts | null }>;

/** Throws what a file is refused for by its first record alone: `RECON_FORMAT_UNKNOWN`, `INVALID_REQUEST` and `RECON_DAY_NOT_OVER`. */
export function refuseUnfit(
  { vanCode, businessDate }: Readonly<{ vanCode: string; businessDate: string }>,
  now: Date,
): void {
  vanReaderOf(vanCode);
  if (!isBusinessDate(businessDate)) throw new Refusal("INVALID_REQUEST", { field: "businessDate" });
  if (now < endOfBusinessDate(businessDate)) throw new Refusal("RECON_DAY_NOT_OVER", { businessDate });
}

/**
 * Imports a VAN's daily file, or the deposits for it, and matches its day and the neighbours of it again: one commit, in
 * which a file that takes the place of an earlier one of the same day has its lines replaced too, and what was asked of a
 * second person on facts that are others now is asked no longer. A file is read to its end before
 * anything is written, so a bad one changes nothing. Audited. Throws `RECON_FILE_…`, `RECON_FORMAT_UNKNOWN`,
 * `RECON_DAY_NOT_OVER`, `RECON_DAY_CLOSED` and `INVALID_REQUEST`.
 */
export async function importFile(
  ctx: Pick<Context, "sql" | "reports" | "batches" | "ids" | "now">,
  { vanCode, businessDate, kind, bytes, actor, traceId }: ImportFile,
): Promise<ImportedFile> {
  refuseUnfit({ vanCode, businessDate }, ctx.now());
  const fileId = ctx.ids.newId("reconFile");
  return withSpooledFile({ fileId, vanCode, businessDate, kind, bytes }, async (spooled) => {
    const known = await findFileByHash(ctx.reports, spooled.sha256);
    if (known) throw new Refusal("RECON_FILE_DUPLICATE", { fileId: known.id });
    return ctx.batches.load(async (sql) => {
      const at = ctx.now();
      await openDay(sql, vanCode, businessDate, at);
      const before = await lockDays(sql, vanCode, businessDate);
      if (before.find((day) => day.businessDate === businessDate)?.state === "CLOSED")
        throw new Refusal("RECON_DAY_CLOSED", { businessDate });
      const importedBy = actor.type === "operator" ? actor.id : null;
      await writeFileRows(sql, { id: fileId, kind, vanCode, businessDate, importedBy, at }, spooled);
      let match: MatchCounts | undefined;
      const days = await lockDays(sql, vanCode, businessDate);
      for (const day of days) {
        const counts = await matchDay(ctx, sql, day);
        if (day.businessDate === businessDate) match = counts;
      }
      await endOutdatedRequests(sql, days);
      await recordAudit(sql, {
        actor,
        action: "reconciliation.file_imported",
        target: { type: "recon_file", id: fileId },
        outcome: "success",
        ipAddress: actor.ipAddress,
        detail: {
          van: vanCode,
          businessDate,
          kind,
          records: spooled.recordCount,
          amount: spooled.amountMinor,
          sha256: spooled.sha256.toString("hex"),
          traceId,
        },
      });
      return { fileId, recordCount: spooled.recordCount, match: match ?? null };
    });
  });
}
