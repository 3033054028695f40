/**
 * `npm run bench -- settlement [--payments 100000] [--plain 1000000] [--malls 20] [--workers 2]`: the settlement batch of
 * one business date beside a plain row-by-row version, in one run on services of its own, over the same events; of more
 * than `--plain` events the row-by-row version does only so many. Prints rows a second, the highest memory and the ratio,
 * and writes them to `.data/bench/settlement.json`. Both must come to the same sums.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { exitWith } from "#scripts/services/setup-error.ts";
import { systemActor } from "#server/core/actor.ts";
import type { Context } from "#server/platform/context.ts";
import { openPool } from "#server/platform/db.ts";
import { openBatch } from "#server/settlement/open-batch.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import { measure } from "./measured/measure.ts";
import { type Planted, plantDay } from "./settlement/plant-day.ts";
import { settleRowByRow } from "./settlement/row-by-row.ts";

const goal = 20;
const businessDate = "2026-11-17";
const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "100000" },
    /** How many events the row-by-row version does at most: two million would take it most of an hour. */
    plain: { type: "string", default: "1000000" },
    malls: { type: "string", default: "20" },
    workers: { type: "string", default: "2" },
  },
});
const wanted = { payments: Number(values.payments), malls: Number(values.malls), businessDate };
const workers = Number(values.workers);
const say = (text: string) => console.log(text);
const count = (n: number) => Math.round(n).toLocaleString("en-US");

/** The batch as the workers run it: opened, then a few malls at a time. */
async function settleAll(databaseUrl: string, { malls }: Planted): Promise<number> {
  const batches = openPool(databaseUrl, {
    name: "bench",
    connectionsMax: workers,
    statementTimeoutMs: 15 * 60_000,
    connectTimeoutMs: 60_000,
  });
  try {
    const ctx = { batches, now: () => new Date("2026-11-18T02:30:00+09:00") } as unknown as Context;
    await openBatch(ctx, { businessDate, actor: systemActor, traceId: null });
    const waiting = [...malls];
    await Promise.all(
      Array.from({ length: workers }, async () => {
        for (let mallId = waiting.shift(); mallId !== undefined; mallId = waiting.shift())
          await settleMall(
            ctx,
            { businessDate, mallId, generation: 1 },
            { attempt: 1, messageId: 0n, traceId: null },
          );
      }),
    );
    const [batch] = await batches.run<{ status: string; lines: number }>(
      { name: "bench-batch", text: "SELECT status, line_count AS lines FROM settlement_batch" },
      [],
    );
    if (batch?.status !== "DONE") throw new Error("the batch did not come to its end");
    return batch.lines;
  } finally {
    await batches.close();
  }
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "paydeck-bench-settlement-"));
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({
      dataDir,
      listener: { onNotice: () => undefined, onLine: () => undefined },
      onProgress: say,
    });
    const { databaseUrl } = services;
    await migrate(databaseUrl);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    say(`… planting ${count(wanted.payments)} payments of ${wanted.malls} malls`);
    const planted = await plantDay(client, wanted);
    const beside = Math.min(planted.events, Number(values.plain));
    say(`… settling ${count(beside)} of ${count(planted.events)} events row by row`);
    const plain = await measure("row by row", () =>
      settleRowByRow(client, planted.malls, businessDate, beside),
    );
    say("… settling them as the platform does");
    const ours = await measure("settlement batch", () => settleAll(databaseUrl, planted));
    const { rows: sums } = await client.query<{ table: string; sum: string }>(
      `SELECT 'ours' AS table, (count(*), sum(amount_minor), sum(fee_minor), sum(fee_vat_minor), sum(net_minor))::text AS sum FROM settlement_line
         WHERE event_key IN (SELECT event_key FROM bench_line)
       UNION ALL SELECT 'plain', (count(*), sum(amount_minor), sum(fee_minor), sum(fee_vat_minor), sum(net_minor))::text FROM bench_line`,
    );
    await client.end();
    if (sums[0]?.sum !== sums[1]?.sum) throw new Error(`the sums differ: ${JSON.stringify(sums)}`);
    const ratio = ours.rowsPerSecond / plain.rowsPerSecond;
    say(
      `\n${beside < planted.events ? `over ${count(beside)} events ` : ""}both come to ${sums[0]?.sum} (lines, amounts, fees, VAT, net)\n`,
    );
    say("| | rows | seconds | rows/s | peak memory |");
    say("|---|---:|---:|---:|---:|");
    for (const { name, rows, seconds, rowsPerSecond, peakRssMb } of [plain, ours])
      say(
        `| ${name} | ${count(rows)} | ${seconds.toFixed(1)} | ${count(rowsPerSecond)} | ${count(peakRssMb)} MB |`,
      );
    say(`\n${ratio.toFixed(1)} times as fast (goal: ${goal})`);
    const directory = join(process.env.PAYDECK_DATA_DIR ?? join(import.meta.dirname, "../.data"), "bench");
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "settlement.json"),
      `${JSON.stringify({ at: new Date().toISOString(), ...wanted, workers, plain, ours, ratio, goal }, null, 2)}\n`,
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
