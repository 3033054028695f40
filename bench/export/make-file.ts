import { randomUUID } from "node:crypto";
import { realIds } from "#server/core/ids.ts";
import { requestExportSchema } from "#server/exports/export.schemas.ts";
import type { ExportFormat } from "#server/exports/export.values.ts";
import { readExport } from "#server/exports/export-queries.ts";
import { requestExport } from "#server/exports/request-export.ts";
import { runExport } from "#server/exports/run-export.ts";
import type { Context } from "#server/platform/context.ts";
import { openPool } from "#server/platform/db.ts";
import { openLog } from "#server/platform/log.ts";
import { type Measured, measure } from "../measured/measure.ts";

/** What the parent says, in the environment as a worker is told. */
type Told = Readonly<{
  BENCH_DATABASE_URL: string;
  BENCH_DATA_DIR: string;
  BENCH_FORMAT: ExportFormat;
  BENCH_PAYMENTS: string;
}>;

/** What the parent is sent when the file is made and its count and sums are those of the database. */
export type MadeFile = Measured & Readonly<{ fileMb: number }>;

/** Asks for the file and makes it, turn after turn. */
async function makeFile(ctx: Context, format: ExportFormat, payments: number): Promise<MadeFile> {
  let exportId = "";
  const measured = await measure(format, async () => {
    ({ exportId } = await requestExport(ctx, {
      ...requestExportSchema.parse({
        source: { kind: "PAYMENTS", filter: { date: "all" } },
        format,
        purpose: "OTHER",
        reason: "a benchmark of exports",
        language: "ko",
        requestKey: randomUUID(),
      }),
      operator: { id: "op_BENCH", role: "ADMIN", ipAddress: null },
      traceId: "0".repeat(32),
    }));
    const attempt = { attempt: 1, messageId: 0n, traceId: null };
    while ((await runExport(ctx, { exportId }, attempt)).kind === "again");
    return payments;
  });
  const line = await readExport(ctx.sql, exportId);
  if (line?.state !== "DONE" || line.rowsTotal !== payments)
    throw new Error(`the export is ${line?.state} with ${line?.rowsTotal} rows`);
  const [sums] = await ctx.sql.run<{ approved: bigint; canceled: bigint }>(
    {
      name: "bench-sums",
      text: "SELECT sum(amount_minor)::bigint AS approved, sum(canceled_minor)::bigint AS canceled FROM payment",
    },
    [],
  );
  for (const column of ["approved", "canceled"] as const)
    if (line.sums.find((one) => one.column === column)?.sum !== sums?.[column])
      throw new Error(`the sums of ${column} differ`);
  return { ...measured, fileMb: Number(line.byteCount) / 2 ** 20 };
}

const told = process.env as unknown as Told;
const pool = { connectTimeoutMs: 10_000, statementTimeoutMs: 60_000 };
const sql = openPool(told.BENCH_DATABASE_URL, { name: "bench", connectionsMax: 4, ...pool });
const reports = openPool(told.BENCH_DATABASE_URL, { name: "bench-reports", connectionsMax: 3, ...pool });
const ctx = {
  env: { PAYDECK_DATA_DIR: told.BENCH_DATA_DIR },
  sql,
  reports,
  ids: realIds,
  log: openLog("bench", "warn"),
  now: () => new Date("2026-11-18T00:00:00+09:00"),
  monotonicMs: () => performance.now(),
} as unknown as Context;
const made = await makeFile(ctx, told.BENCH_FORMAT, Number(told.BENCH_PAYMENTS));
await sql.close();
await reports.close();
process.send?.(made);
process.disconnect?.();
