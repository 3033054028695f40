/**
 * `npm run bench -- export [--payments 1000000] [--format XLSX|CSV]`: the list of payments as a file, made by the job as a
 * worker runs it, on services of its own. Prints, for each format, rows a second, the highest memory of the process and
 * the size of the file, and writes them to `.data/bench/export.json`. Count and sums must be those of the database. The
 * goal is a million rows within 300 MB.
 */

import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { exitWith } from "#scripts/services/setup-error.ts";
import { realIds } from "#server/core/ids.ts";
import { requestExportSchema } from "#server/exports/export.schemas.ts";
import { type ExportFormat, exportFormats } from "#server/exports/export.values.ts";
import { readExport } from "#server/exports/export-queries.ts";
import { requestExport } from "#server/exports/request-export.ts";
import { runExport } from "#server/exports/run-export.ts";
import type { Context } from "#server/platform/context.ts";
import { openPool } from "#server/platform/db.ts";
import { openLog } from "#server/platform/log.ts";
import { plantDay } from "./settlement/plant-day.ts";

const goalMb = 300;
const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "1000000" },
    /** Only this one. */
    format: { type: "string" },
  },
});
const payments = Number(values.payments);
const formats = exportFormats.filter((format) => values.format === undefined || format === values.format);
const say = (text: string) => console.log(text);
const count = (n: number) => Math.round(n).toLocaleString("en-US");

type Measured = Readonly<{
  format: ExportFormat;
  rows: number;
  seconds: number;
  rowsPerSecond: number;
  peakRssMb: number;
  fileMb: number;
}>;

/** Asks for the file and makes it, turn after turn. */
async function makeFile(ctx: Context, format: ExportFormat): Promise<Measured> {
  let peak = process.memoryUsage.rss();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const startedMs = performance.now();
  const { exportId } = await requestExport(ctx, {
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
  });
  const attempt = { attempt: 1, messageId: 0n, traceId: null };
  while ((await runExport(ctx, { exportId }, attempt)).kind === "again");
  const seconds = (performance.now() - startedMs) / 1_000;
  clearInterval(watch);
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
  return {
    format,
    rows: payments,
    seconds,
    rowsPerSecond: payments / seconds,
    peakRssMb: peak / 2 ** 20,
    fileMb: Number(line.byteCount) / 2 ** 20,
  };
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "paydeck-bench-export-"));
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({
      dataDir,
      listener: { onNotice: () => undefined, onLine: () => undefined },
      onProgress: say,
    });
    const { databaseUrl } = services;
    await migrate(databaseUrl);
    say(`… planting ${count(payments)} payments`);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await plantDay(client, { payments, malls: 20, businessDate: "2026-11-17" });
    await client.end();
    const pool = { connectTimeoutMs: 10_000, statementTimeoutMs: 60_000 };
    const sql = openPool(databaseUrl, { name: "bench", connectionsMax: 4, ...pool });
    const reports = openPool(databaseUrl, { name: "bench-reports", connectionsMax: 3, ...pool });
    const ctx = {
      env: { PAYDECK_DATA_DIR: dataDir },
      sql,
      reports,
      ids: realIds,
      log: openLog("bench", "warn"),
      now: () => new Date("2026-11-18T00:00:00+09:00"),
      monotonicMs: () => performance.now(),
    } as unknown as Context;
    const measured: Measured[] = [];
    for (const format of formats) {
      say(`… making the ${format}`);
      measured.push(await makeFile(ctx, format));
    }
    await sql.close();
    await reports.close();
    say("\n| | rows | seconds | rows/s | peak memory | file | |");
    say("|---|---:|---:|---:|---:|---:|---|");
    for (const { format, rows, seconds, rowsPerSecond, peakRssMb, fileMb } of measured)
      say(
        `| ${format} | ${count(rows)} | ${seconds.toFixed(1)} | ${count(rowsPerSecond)} | ${count(peakRssMb)} MB | ${fileMb.toFixed(1)} MB | ${
          peakRssMb > goalMb ? "over: memory" : ""
        } |`,
      );
    const directory = join(process.env.PAYDECK_DATA_DIR ?? join(import.meta.dirname, "../.data"), "bench");
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "export.json"),
      `${JSON.stringify({ at: new Date().toISOString(), payments, measured, goalMb }, null, 2)}\n`,
    );
  } finally {
    await services?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  exitWith(error);
}
