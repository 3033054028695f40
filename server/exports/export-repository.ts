import superjson from "superjson";
import { assert } from "#server/core/assert.ts";
import type { FileLanguage, Sums } from "#server/exports/domain/table.ts";
import type { ExportSource } from "#server/exports/export.schemas.ts";
import type {
  ExportFailure,
  ExportFormat,
  ExportPurpose,
  ExportState,
} from "#server/exports/export.values.ts";
import type { Sql } from "#server/platform/db.ts";

/** What was asked for. */
export type ExportWish = Readonly<{
  id: string;
  requestKey: string;
  source: ExportSource;
  format: ExportFormat;
  language: FileLanguage;
  columns: readonly string[];
  isMasked: boolean;
  purpose: ExportPurpose;
  reason: string;
  seenCount: number | null;
  requestedBy: string;
  ipAddress: string | null;
  requestedAt: Date;
  traceId: string;
}>;

/** Writes a new export; false when this request key has one already. */
export async function insertExport(sql: Sql, wish: ExportWish): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-insert",
      text: `INSERT INTO export (id, request_key, kind, format, language, source, columns, is_masked, purpose, reason, seen_count, requested_by, ip_address,
          requested_at, trace_id, state)
        VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::text[], $8, $9, $10, $11, $12, $13, $14, $15, 'WAITING')
        ON CONFLICT (request_key) DO NOTHING RETURNING id`,
    },
    [
      wish.id,
      wish.requestKey,
      wish.source.kind,
      wish.format,
      wish.language,
      superjson.stringify(wish.source),
      wish.columns,
      wish.isMasked,
      wish.purpose,
      wish.reason,
      wish.seenCount,
      wish.requestedBy,
      wish.ipAddress,
      wish.requestedAt,
      wish.traceId,
    ],
  );
  return rows.length > 0;
}

/** The export of a request key, if there is one. */
export async function findExportOfRequest(
  sql: Sql,
  requestKey: string,
): Promise<{ id: string; requestedBy: string } | undefined> {
  const [row] = await sql.run<{ id: string; requestedBy: string }>(
    {
      name: "export-of-request",
      text: `SELECT id, requested_by AS "requestedBy" FROM export WHERE request_key = $1`,
    },
    [requestKey],
  );
  return row;
}

/** Holds the turn of asking for and taking up exports until the transaction ends. */
export async function holdExportTurn(sql: Sql, lock: number): Promise<void> {
  await sql.run({ name: "export-turn", text: "SELECT pg_advisory_xact_lock($1)" }, [lock]);
}

/** How many are under way, of one person and of all. */
export async function countOpenExports(
  sql: Sql,
  operatorId: string,
): Promise<Readonly<{ ofOne: number; ofAll: number }>> {
  const [row] = await sql.run<{ ofOne: number; ofAll: number }>(
    {
      name: "export-count-open",
      text: `SELECT (count(*) FILTER (WHERE requested_by = $1))::int AS "ofOne", count(*)::int AS "ofAll" FROM export
        WHERE state IN ('WAITING', 'READING', 'WRITING')`,
    },
    [operatorId],
  );
  return row ?? { ofOne: 0, ofAll: 0 };
}

/** What a worker needs to know of the export it has taken up. */
export type TakenExport = Readonly<{
  id: string;
  state: "READING" | "WRITING";
  taken: number;
  source: ExportSource;
  format: ExportFormat;
  language: FileLanguage;
  columns: readonly string[];
  isMasked: boolean;
  requestedAt: Date;
}>;

type SumsJson = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function readSumsJson(json: unknown): Sums {
  return new Map(
    Object.entries(json as SumsJson).map(([group, sums]) => [
      group,
      new Map(Object.entries(sums).map(([key, sum]) => [key, BigInt(sum)])),
    ]),
  );
}

function sumsJson(sums: Sums): string {
  return JSON.stringify(
    Object.fromEntries(
      [...sums].map(([group, of]) => [
        group,
        Object.fromEntries([...of].map(([key, sum]) => [key, sum.toString()])),
      ]),
    ),
  );
}

/** Takes an export up: nothing when it is over, "busy" when another worker has it or `atOnce` others are at work. */
export async function takeExport(
  sql: Sql,
  id: string,
  { leaseMs, atOnce }: Readonly<{ leaseMs: number; atOnce: number }>,
): Promise<TakenExport | "busy" | undefined> {
  const [standing] = await sql.run<{ isHeld: boolean; others: number }>(
    {
      name: "export-standing",
      text: `SELECT coalesce(lease_until > clock_timestamp(), false) AS "isHeld",
          (SELECT count(*)::int FROM export o WHERE o.state IN ('WAITING', 'READING', 'WRITING') AND o.id <> $1 AND o.lease_until > clock_timestamp()) AS others
        FROM export WHERE id = $1 AND state IN ('WAITING', 'READING', 'WRITING') FOR UPDATE`,
    },
    [id],
  );
  if (!standing) return undefined;
  if (standing.isHeld || standing.others >= atOnce) return "busy";
  const [row] = await sql.run<Omit<TakenExport, "source"> & { source: unknown }>(
    {
      name: "export-take",
      text: `UPDATE export SET taken = taken + 1, lease_until = clock_timestamp() + $2 * interval '1 millisecond', rows_written = 0,
          state = CASE WHEN state = 'WRITING' THEN 'WRITING' ELSE 'READING' END
        WHERE id = $1 RETURNING id, state, taken, source, format, language, columns, is_masked AS "isMasked", requested_at AS "requestedAt"`,
    },
    [id, leaseMs],
  );
  if (!row) return undefined;
  return {
    ...row,
    source: superjson.deserialize<ExportSource>(row.source as Parameters<typeof superjson.deserialize>[0]),
  };
}

/** Whoever holds it now: its number of the fence. */
export type Fence = Pick<TakenExport, "id" | "taken">;

/** Says that its worker is alive. False when it is not the worker's any more: cancelled, or in other hands. */
export async function renewExport(sql: Sql, { id, taken }: Fence, leaseMs: number): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-renew",
      text: `UPDATE export SET lease_until = clock_timestamp() + $3 * interval '1 millisecond'
        WHERE id = $1 AND taken = $2 AND state IN ('READING', 'WRITING') RETURNING id`,
    },
    [id, taken, leaseMs],
  );
  return rows.length > 0;
}

/** Gives it back for the next turn, which any worker may take. */
export async function releaseExport(sql: Sql, { id, taken }: Fence): Promise<void> {
  await sql.run(
    {
      name: "export-release",
      text: "UPDATE export SET lease_until = NULL WHERE id = $1 AND taken = $2",
    },
    [id, taken],
  );
}

/** Notes how far the reading is. False as `renewExport`. */
export async function saveReading(
  sql: Sql,
  { id, taken }: Fence,
  { rowsTotal, rowsRead }: Readonly<{ rowsTotal: number; rowsRead: number }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-save-reading",
      text: "UPDATE export SET rows_total = $3, rows_read = $4 WHERE id = $1 AND taken = $2 AND state = 'READING' RETURNING id",
    },
    [id, taken, rowsTotal, rowsRead],
  );
  return rows.length > 0;
}

/** What was frozen, when it was. */
export async function loadFrozen(
  sql: Sql,
  id: string,
): Promise<Readonly<{ frozenAt: Date; rowsTotal: number; sums: Sums }> | undefined> {
  const [row] = await sql.run<{ frozenAt: Date; rowsTotal: number; sums: unknown }>(
    {
      name: "export-load-frozen",
      text: `SELECT frozen_at AS "frozenAt", rows_total AS "rowsTotal", sums FROM export WHERE id = $1 AND frozen_at IS NOT NULL`,
    },
    [id],
  );
  return row && { ...row, sums: readSumsJson(row.sums) };
}

/** Frozen rows as one part of a file to be. */
export type FrozenPart = Readonly<{ partNo: number; rowCount: number; rowsName: string }>;

/** Writes down all that was frozen: from now on it is that, whoever goes on. False as `renewExport`. */
export async function saveFrozen(
  sql: Sql,
  { id, taken }: Fence,
  {
    frozenAt,
    rowsTotal,
    sums,
    parts,
  }: Readonly<{ frozenAt: Date; rowsTotal: number; sums: Sums; parts: readonly FrozenPart[] }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-save-frozen",
      text: `UPDATE export SET state = 'WRITING', frozen_at = $3, rows_total = $4, rows_read = $4, rows_written = 0, sums = $5::jsonb
        WHERE id = $1 AND taken = $2 AND state = 'READING' RETURNING id`,
    },
    [id, taken, frozenAt, rowsTotal, sumsJson(sums)],
  );
  if (rows.length === 0) return false;
  await sql.run({ name: "export-forget-parts", text: "DELETE FROM export_part WHERE export_id = $1" }, [id]);
  await sql.run(
    {
      name: "export-save-parts",
      text: `INSERT INTO export_part (export_id, part_no, row_count, rows_name)
        SELECT $1, part.no, part.rows, part.name FROM unnest($2::int[], $3::int[], $4::text[]) AS part (no, rows, name)`,
    },
    [
      id,
      parts.map(({ partNo }) => partNo),
      parts.map(({ rowCount }) => rowCount),
      parts.map(({ rowsName }) => rowsName),
    ],
  );
  return true;
}

/** The frozen rows of an export, part by part in their order. */
export async function loadFrozenParts(sql: Sql, exportId: string): Promise<FrozenPart[]> {
  return sql.run<FrozenPart>(
    {
      name: "export-frozen-parts",
      text: `SELECT part_no AS "partNo", row_count AS "rowCount", rows_name AS "rowsName" FROM export_part WHERE export_id = $1 ORDER BY part_no`,
    },
    [exportId],
  );
}

/** Notes how far the writing is. False as `renewExport`. */
export async function saveWriting(sql: Sql, { id, taken }: Fence, rowsWritten: number): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-save-writing",
      text: "UPDATE export SET rows_written = $3 WHERE id = $1 AND taken = $2 AND state = 'WRITING' RETURNING id",
    },
    [id, taken, rowsWritten],
  );
  return rows.length > 0;
}

export type FinishedFile = Readonly<{ storedName: string; byteCount: bigint; sha256: Buffer }>;

/** Ends an export with its file. False as `renewExport`. */
export async function finishExport(
  sql: Sql,
  { id, taken }: Fence,
  { storedName, byteCount, sha256 }: FinishedFile,
  { at, expiresAt }: Readonly<{ at: Date; expiresAt: Date }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-finish",
      text: `UPDATE export SET state = 'DONE', stored_name = $3, byte_count = $4, sha256 = $5, finished_at = $6, expires_at = $7, lease_until = NULL
        WHERE id = $1 AND taken = $2 AND state = 'WRITING' RETURNING id`,
    },
    [id, taken, storedName, byteCount, sha256, at, expiresAt],
  );
  if (rows.length === 0) return false;
  await sql.run({ name: "export-forget-parts", text: "DELETE FROM export_part WHERE export_id = $1" }, [id]);
  return true;
}

/** Ends an export that cannot be made; what was frozen of it is forgotten. False as `renewExport`. */
export async function failExport(
  sql: Sql,
  { id, taken }: Fence,
  failure: ExportFailure,
  at: Date,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "export-fail",
      text: `UPDATE export SET state = 'FAILED', failure = $3, finished_at = $4, lease_until = NULL, frozen_at = NULL, rows_read = 0, rows_written = 0,
          sums = '{}'
        WHERE id = $1 AND taken = $2 AND state IN ('READING', 'WRITING') RETURNING id`,
    },
    [id, taken, failure, at],
  );
  if (rows.length === 0) return false;
  await sql.run({ name: "export-forget-parts", text: "DELETE FROM export_part WHERE export_id = $1" }, [id]);
  return true;
}

export type ExportFacts = Readonly<{
  id: string;
  kind: string;
  format: ExportFormat;
  language: FileLanguage;
  state: ExportState;
  isMasked: boolean;
  requestedBy: string;
  requestedAt: Date;
  storedName: string | null;
  byteCount: bigint | null;
  expiresAt: Date | null;
}>;

/** One export, locked when it is to be changed. */
export async function loadExport(
  sql: Sql,
  id: string,
  { isLocked }: Readonly<{ isLocked: boolean }>,
): Promise<ExportFacts | undefined> {
  const [row] = await sql.run<ExportFacts>(
    {
      name: isLocked ? "export-lock" : "export-load",
      text: `SELECT id, kind, format, language, state, is_masked AS "isMasked", requested_by AS "requestedBy", requested_at AS "requestedAt",
          stored_name AS "storedName", byte_count AS "byteCount", expires_at AS "expiresAt"
        FROM export WHERE id = $1 ${isLocked ? "FOR UPDATE" : ""}`,
    },
    [id],
  );
  return row;
}

/** Cancels an export that is under way; its worker sees it at its next step. */
export async function markCanceled(
  sql: Sql,
  id: string,
  { by, at }: Readonly<{ by: string; at: Date }>,
): Promise<void> {
  await sql.run(
    {
      name: "export-cancel",
      text: `UPDATE export SET state = 'CANCELED', ended_by = $2, finished_at = $3 WHERE id = $1 AND state IN ('WAITING', 'READING', 'WRITING')`,
    },
    [id, by, at],
  );
}

/** Lets a locked export that failed wait for a worker again. Returns how often it was taken up. */
export async function markWaiting(sql: Sql, id: string): Promise<{ taken: number }> {
  const [row] = await sql.run<{ taken: number }>(
    {
      name: "export-wait-again",
      text: `UPDATE export SET state = 'WAITING', failure = NULL, finished_at = NULL, deleted_at = NULL, rows_total = NULL
        WHERE id = $1 AND state = 'FAILED' RETURNING taken`,
    },
    [id],
  );
  assert(row, `export ${id} that is tried again has failed`);
  return row;
}

/** Counts a download. */
export async function countDownload(sql: Sql, id: string): Promise<void> {
  await sql.run(
    { name: "export-count-download", text: "UPDATE export SET downloads = downloads + 1 WHERE id = $1" },
    [id],
  );
}

/** Ended exports of which something is on the disk that nobody needs: cancelled, failed, or past their time. */
export async function findDeletable(sql: Sql, at: Date, limit: number): Promise<string[]> {
  const rows = await sql.run<{ id: string }>(
    {
      name: "export-deletable",
      text: `SELECT id FROM export WHERE state NOT IN ('WAITING', 'READING', 'WRITING') AND deleted_at IS NULL
          AND (state <> 'DONE' OR expires_at <= $1) AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY id LIMIT $2`,
    },
    [at, limit],
  );
  return rows.map(({ id }) => id);
}

/** Notes that nothing is left of an export but its row. */
export async function markDeleted(sql: Sql, id: string, at: Date): Promise<void> {
  await sql.run(
    {
      name: "export-mark-deleted",
      text: `UPDATE export SET state = CASE WHEN state = 'DONE' THEN 'EXPIRED' ELSE state END, deleted_at = $2
        WHERE id = $1 AND state NOT IN ('WAITING', 'READING', 'WRITING')`,
    },
    [id, at],
  );
}

/** Of these ids, those that are exports. */
export async function findKnownExports(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.run<{ id: string }>(
    { name: "export-known", text: "SELECT id FROM export WHERE id = ANY($1::text[])" },
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}
