import type {
  ExportFailure,
  ExportFormat,
  ExportKind,
  ExportPurpose,
  ExportState,
} from "#server/exports/export.values.ts";
import { readSumsJson } from "#server/exports/export-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/** An export as the centre shows it. Sums are minor units or counts, by currency and column. */
export type ExportLine = Readonly<{
  id: string;
  kind: ExportKind;
  format: ExportFormat;
  columns: readonly string[];
  isMasked: boolean;
  purpose: ExportPurpose;
  reason: string;
  seenCount: number | null;
  requestedBy: Readonly<{ id: string; name: string }>;
  requestedAt: Date;
  state: ExportState;
  failure: ExportFailure | null;
  frozenAt: Date | null;
  rowsTotal: number | null;
  rowsRead: number;
  rowsWritten: number;
  sums: readonly Readonly<{ currency: string; column: string; sum: bigint }>[];
  byteCount: bigint | null;
  /** In hex. */
  sha256: string | null;
  finishedAt: Date | null;
  expiresAt: Date | null;
  downloads: number;
}>;

type Row = Omit<ExportLine, "requestedBy" | "sums"> & {
  operatorId: string;
  operatorName: string;
  sums: unknown;
};

const lineSelect = `SELECT e.id, e.kind, e.format, e.columns, e.is_masked AS "isMasked", e.purpose, e.reason, e.seen_count AS "seenCount",
    e.requested_by AS "operatorId", coalesce(o.name, e.requested_by) AS "operatorName", e.requested_at AS "requestedAt", e.state, e.failure,
    e.frozen_at AS "frozenAt", e.rows_total AS "rowsTotal", e.rows_read AS "rowsRead", e.rows_written AS "rowsWritten", e.sums,
    e.byte_count AS "byteCount", encode(e.sha256, 'hex') AS sha256, e.finished_at AS "finishedAt", e.expires_at AS "expiresAt", e.downloads
  FROM export e LEFT JOIN operator o ON o.id = e.requested_by`;

function toLine({ operatorId, operatorName, sums, ...row }: Row): ExportLine {
  return {
    ...row,
    requestedBy: { id: operatorId, name: operatorName },
    sums: [...readSumsJson(sums)].flatMap(([currency, of]) =>
      [...of].map(([column, sum]) => ({ currency, column, sum })),
    ),
  };
}

export type ExportPage = Readonly<{
  exports: readonly ExportLine[];
  nextCursor: Readonly<{ requestedAt: Date; id: string }> | null;
}>;

/** A keyset page of exports, newest first; of one person, or with null of all. */
export async function listExports(
  sql: Sql,
  {
    requestedBy,
    cursor,
    limit,
  }: Readonly<{
    requestedBy: string | null;
    cursor?: { requestedAt: Date; id: string } | null | undefined;
    limit: number;
  }>,
): Promise<ExportPage> {
  const rows = await sql.run<Row>(
    {
      name: requestedBy === null ? "export-list-all" : "export-list-own",
      text: `${lineSelect} WHERE ($1::text IS NULL OR e.requested_by = $1)
          AND ($2::timestamptz IS NULL OR (e.requested_at, e.id) < ($2::timestamptz, $3::text))
        ORDER BY e.requested_at DESC, e.id DESC LIMIT $4`,
    },
    [requestedBy, cursor?.requestedAt ?? null, cursor?.id ?? null, limit + 1],
  );
  const exports = rows.slice(0, limit).map(toLine);
  const last = exports.at(-1);
  return {
    exports,
    nextCursor: rows.length > limit && last ? { requestedAt: last.requestedAt, id: last.id } : null,
  };
}

/** One export as it stands. */
export async function readExport(sql: Sql, id: string): Promise<ExportLine | undefined> {
  const [row] = await sql.run<Row>({ name: "export-read", text: `${lineSelect} WHERE e.id = $1` }, [id]);
  return row && toLine(row);
}
