/**
 * `npm run bench -- export [--payments 1000000] [--format XLSX|CSV]`: the list of payments as a file, made by the job in a
 * process that Node runs as it runs a worker, on services of its own. Prints, for each format, rows a second, the highest
 * memory of that process and the size of the file, and writes them to `.data/bench/export.json`. Count and sums must be
 * those of the database. The goal is a million rows within 300 MB.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { exitWith } from "#scripts/services/setup-error.ts";
import { workerNodeFlags } from "#scripts/supervisor/worker-flags.ts";
import { type ExportFormat, exportFormats } from "#server/exports/export.values.ts";
import type { MadeFile } from "./export/make-file.ts";
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

/** Has the file made in a process of its own. */
async function makeFile(databaseUrl: string, dataDir: string, format: ExportFormat): Promise<MadeFile> {
  const child = fork(join(import.meta.dirname, "export/make-file.ts"), {
    execArgv: [...workerNodeFlags],
    env: {
      ...process.env,
      BENCH_DATABASE_URL: databaseUrl,
      BENCH_DATA_DIR: dataDir,
      BENCH_FORMAT: format,
      BENCH_PAYMENTS: String(payments),
    },
  });
  let made: MadeFile | undefined;
  child.on("message", (message) => {
    made = message as MadeFile;
  });
  const [code] = await once(child, "exit");
  if (!made) throw new Error(`the ${format} was not made (exit code ${code})`);
  return made;
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
    const measured: MadeFile[] = [];
    for (const format of formats) {
      say(`… making the ${format}`);
      measured.push(await makeFile(databaseUrl, dataDir, format));
    }
    say("\n| | rows | seconds | rows/s | peak memory | file | |");
    say("|---|---:|---:|---:|---:|---:|---|");
    for (const { name, rows, seconds, rowsPerSecond, peakRssMb, fileMb } of measured)
      say(
        `| ${name} | ${count(rows)} | ${seconds.toFixed(1)} | ${count(rowsPerSecond)} | ${count(peakRssMb)} MB | ${fileMb.toFixed(1)} MB | ${
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
