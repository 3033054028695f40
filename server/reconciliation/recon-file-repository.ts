import { Refusal } from "#server/core/refusals.ts";
import { type LoadingSql, type Sql, sqlStateOf } from "#server/platform/db.ts";
import type { FileKind } from "#server/reconciliation/reconciliation.values.ts";
import type { SpooledFile } from "#server/reconciliation/spool-file.ts";

const tables = {
  VAN: {
    name: "recon_van_line",
    columns:
      "file_id, line_no, van_code, business_date, kind, trace_no, original_trace_no, mall_id, order_id, approval_no, amount_minor, issuer_code, issuer_name, processed_at",
    dayColumn: "van_file_id",
  },
  DEPOSIT: {
    name: "recon_deposit_line",
    columns:
      "file_id, line_no, van_code, business_date, kind, trace_no, amount_minor, fee_minor, fee_vat_minor",
    dayColumn: "deposit_file_id",
  },
} as const satisfies Record<FileKind, unknown>;

export type NewFile = Readonly<{
  id: string;
  kind: FileKind;
  vanCode: string;
  businessDate: string;
  importedBy: string | null;
  at: Date;
}>;

/** The file of these bytes, if it was imported before and no other has taken its place. */
export async function findFileByHash(sql: Sql, sha256: Buffer): Promise<{ id: string } | undefined> {
  const [file] = await sql.run<{ id: string }>(
    {
      name: "recon-file-by-hash",
      text: "SELECT id FROM recon_file WHERE sha256 = $1 AND replaced_at IS NULL",
    },
    [sha256],
  );
  return file;
}

/**
 * Writes a file with its lines in place of the one that was there for the same day. The day is locked and open. Throws
 * `RECON_FILE_DUPLICATE`, and `RECON_FILE_MALFORMED` for a record that is in the file twice.
 */
export async function writeFileRows(sql: LoadingSql, file: NewFile, spooled: SpooledFile): Promise<void> {
  const { name, columns, dayColumn } = tables[file.kind];
  const day = [file.vanCode, file.businessDate];
  const [before] = await sql.run<{ id: string; isSame: boolean }>(
    {
      name: "recon-file-replace",
      text: `UPDATE recon_file SET replaced_at = $4 WHERE van_code = $1 AND business_date = $2::date AND kind = $3 AND replaced_at IS NULL
        RETURNING id, sha256 = $5 AS "isSame"`,
    },
    [...day, file.kind, file.at, spooled.sha256],
  );
  // It came twice at once, and the other was first to lock the day.
  if (before?.isSame) throw new Refusal("RECON_FILE_DUPLICATE", { fileId: before.id });
  if (before)
    await sql.run(
      { name: `recon-lines-delete-${file.kind}`, text: `DELETE FROM ${name} WHERE file_id = $1` },
      [before.id],
    );
  try {
    await sql.run(
      {
        name: "recon-file-insert",
        text: `INSERT INTO recon_file (id, kind, van_code, business_date, sha256, byte_count, record_count, amount_minor, fee_minor, imported_at, imported_by)
          VALUES ($1, $2, $3, $4::date, $5, $6, $7, $8, $9, $10, $11)`,
      },
      [
        file.id,
        file.kind,
        ...day,
        spooled.sha256,
        spooled.byteCount,
        spooled.recordCount,
        spooled.amountMinor,
        spooled.feeMinor,
        file.at,
        file.importedBy,
      ],
    );
  } catch (error) {
    if (sqlStateOf(error) === "23505") throw new Refusal("RECON_FILE_DUPLICATE");
    throw error;
  }
  try {
    await sql.copyIn(`${name} (${columns})`, spooled.rows());
  } catch (error) {
    if (sqlStateOf(error) === "23505")
      throw new Refusal("RECON_FILE_MALFORMED", { reason: "duplicate record" });
    throw error;
  }
  await sql.run(
    {
      name: `recon-day-file-${file.kind}`,
      text: `UPDATE recon_day SET ${dayColumn} = $3 WHERE van_code = $1 AND business_date = $2::date`,
    },
    [...day, file.id],
  );
}
