/**
 * `npm run bench -- reconcile [--payments 1000000] [--plain 100000] [--malls 20] [--van SBX2|SBX1]`: a VAN's file of a
 * business date and its bank's, with an approval for each payment, a cancel for every tenth and six differences in a
 * thousand, imported and matched as the nightly job does it, on services of its own. A plain row-by-row version does the
 * first `--plain` payments' day beside it, in the same database; a million would take it most of an hour. Prints rows
 * (records of both files) a second, the highest memory and the ratio, and writes them to `.data/bench/reconcile.json`.
 * Both must come to the same count of each class, and the whole day to those that were planted.
 */

import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { exitWith, SetupError } from "#scripts/services/setup-error.ts";
import { systemActor } from "#server/core/actor.ts";
import { realIds } from "#server/core/ids.ts";
import { openPool } from "#server/platform/db.ts";
import { readableVans } from "#server/reconciliation/daily-file.ts";
import { importFile } from "#server/reconciliation/import-file.ts";
import { fileKinds } from "#server/reconciliation/reconciliation.values.ts";
import { type Measured, measure } from "./measured/measure.ts";
import { plantDifferences } from "./reconcile/plant-differences.ts";
import { reconcileRowByRow } from "./reconcile/row-by-row.ts";
import { plantedClasses, vanDay } from "./reconcile/van-day.ts";
import { type DailyFiles, writeDailyFiles } from "./reconcile/write-daily-files.ts";
import { plantDay } from "./settlement/plant-day.ts";

const businessDate = "2026-11-17";
const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "1000000" },
    /** How many of them the row-by-row version does too. */
    plain: { type: "string", default: "100000" },
    malls: { type: "string", default: "20" },
    /** Whose format it is. SBX2's costs more to read. */
    van: { type: "string", default: "SBX2" },
  },
});
const vanCode = values.van;
const payments = Number(values.payments);
const beside = Math.min(payments, Number(values.plain));
const malls = Number(values.malls);
const say = (text: string) => console.log(text);
const count = (n: number) => Math.round(n).toLocaleString("en-US");

type Counts = Readonly<Record<string, number>>;

/** Both files, imported and matched one after the other, as the nightly job does it once it has fetched them. */
async function importBoth(databaseUrl: string, files: DailyFiles): Promise<number> {
  // As long as a report may take.
  const pool = openPool(databaseUrl, {
    name: "bench",
    connectionsMax: 3,
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 10_000,
  });
  const ctx = {
    sql: pool,
    reports: pool,
    batches: pool,
    ids: realIds,
    now: () => new Date("2026-11-18T03:00:00+09:00"),
  };
  try {
    let records = 0;
    for (const kind of fileKinds) {
      const bytes = createReadStream(kind === "VAN" ? files.van : files.deposit);
      const day = { vanCode, businessDate, kind };
      records += (await importFile(ctx, { ...day, bytes, actor: systemActor, traceId: null })).recordCount;
    }
    return records;
  } finally {
    await pool.close();
  }
}

async function countClasses(client: pg.Client, table: string): Promise<Counts> {
  const { rows } = await client.query<{ class: string; count: number }>(
    `SELECT class, count(*)::int AS count FROM ${table} GROUP BY class ORDER BY class`,
  );
  return Object.fromEntries(rows.map((row) => [row.class, row.count]));
}

function assertSame(found: Counts, expected: Counts): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`the classes differ: ${JSON.stringify({ found, expected })}`);
}

type Reconciled = Readonly<{ ours: Measured; plain: Measured | undefined; classes: Counts }>;

/** A day of so many payments, in a database of its own. */
async function reconcileDay(size: number, withPlain: boolean): Promise<Reconciled> {
  const dataDir = mkdtempSync(join(tmpdir(), "paydeck-bench-reconcile-"));
  const day = { vanCode, businessDate };
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({
      dataDir,
      listener: { onNotice: () => undefined, onLine: () => undefined },
      onProgress: () => undefined,
    });
    const { databaseUrl } = services;
    await migrate(databaseUrl);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    say(`… planting ${count(size)} payments of ${malls} malls, and ${vanCode}'s files of them`);
    const planted = await plantDay(client, { payments: size, malls, ...day });
    await plantDifferences(client, day);
    const { rows: terms } = await client.query<{ rate: number }>(
      "SELECT fee_rate_e5 AS rate FROM van_fee_terms WHERE van_code = $1",
      [vanCode],
    );
    const records = () => vanDay({ payments: size, malls, feeRateE5: terms[0]?.rate ?? 0 });
    const files = await writeDailyFiles(dataDir, day, records);
    let plain: Measured | undefined;
    if (withPlain) {
      say(`… reconciling ${count(files.records)} records of each file row by row`);
      plain = await measure("row by row", () => reconcileRowByRow(client, day, files, planted.malls));
    }
    say(`… reconciling ${count(files.records)} records of each file as the platform does`);
    const ours = await measure("import and match", () => importBoth(databaseUrl, files));
    const classes = await countClasses(client, "recon_item");
    assertSame(classes, plantedClasses(size));
    if (withPlain) assertSame(await countClasses(client, "bench_item"), classes);
    await client.end();
    return { ours, plain, classes };
  } finally {
    await services?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  if (!readableVans.includes(vanCode)) throw new SetupError(`--van is one of ${readableVans.join(", ")}`);
  const first = await reconcileDay(beside, true);
  const whole = beside < payments ? await reconcileDay(payments, false) : first;
  const { plain } = first;
  if (!plain) throw new Error("the row-by-row version was not measured");
  const ratio = first.ours.rowsPerSecond / plain.rowsPerSecond;
  const found = Object.entries(whole.classes).map(([name, n]) => `${count(n)} ${name}`);
  say(`\nfound as planted: ${found.join(", ")}\n`);
  say("| | rows | seconds | rows/s | peak memory |");
  say("|---|---:|---:|---:|---:|");
  for (const { name, rows, seconds, rowsPerSecond, peakRssMb } of new Set([plain, first.ours, whole.ours]))
    say(
      `| ${name} | ${count(rows)} | ${seconds.toFixed(1)} | ${count(rowsPerSecond)} | ${count(peakRssMb)} MB |`,
    );
  say(`\n${ratio.toFixed(1)} times as fast over the same ${count(plain.rows)} rows`);
  const directory = join(process.env.PAYDECK_DATA_DIR ?? join(import.meta.dirname, "../.data"), "bench");
  mkdirSync(directory, { recursive: true });
  const report = {
    at: new Date().toISOString(),
    vanCode,
    payments,
    malls,
    plain,
    beside: first.ours,
    ours: whole.ours,
  };
  writeFileSync(
    join(directory, "reconcile.json"),
    `${JSON.stringify({ ...report, classes: whole.classes, ratio }, null, 2)}\n`,
  );
}

try {
  await main();
} catch (error) {
  exitWith(error);
}
