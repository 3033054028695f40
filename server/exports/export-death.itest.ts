import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RequestExportInput, requestExportSchema } from "#server/exports/export.schemas.ts";
import { readExport } from "#server/exports/export-queries.ts";
import { requestExport } from "#server/exports/request-export.ts";
import { retryExport } from "#server/exports/retry-export.ts";
import { runExport } from "#server/exports/run-export.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Real worker processes, killed in the middle of reading and in the middle of writing, and one whose disk is full.

const paymentCount = 90_000;
let world: TestWorld;
let ctx: TestWorld["ctx"];
let folder: string;
let env: Record<string, string>;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  world = await openTestWorld();
  folder = await mkdtemp(join(tmpdir(), "paydeck-exports-"));
  ctx = { ...world.ctx, env: { ...world.ctx.env, PAYDECK_EXPORT_DIR: folder } };
  const { PAYDECK_SECRET, PAYDECK_METRICS_TOKEN, NEXTAUTH_SECRET, REDIS_URL } = ctx.env;
  env = {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL,
    PAYDECK_SECRET,
    PAYDECK_METRICS_TOKEN,
    NEXTAUTH_SECRET,
    PAYDECK_EXPORT_DIR: folder,
  };
  for (let from = 1; from <= paymentCount; from += 10_000)
    await world.rows(
      `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, tax_free_minor, vat_minor, status, version, van_code,
        trace_no, approval_no, card_last4, canceled_minor, lease_until, requested_at, approved_at, trace_id, origin)
     SELECT 'pay_' || lpad(n::text, 26, '0'), 'mall_TEST', 'HB2026-' || lpad(n::text, 6, '0'), '클린 코드 ' || n, 'CARD', 2000 + n, 0, 0, 'DONE', 2, 'SBX1',
       'T' || lpad(n::text, 19, '0'), lpad(n::text, 8, '0'), '1234', 0, now(), now() - n * interval '1 second', now(), 'trace', 'API'
     FROM generate_series($1::int, $1::int + 9999) n`,
      [from],
    );
  await world.rows("ANALYZE payment");
}, 120_000);
afterAll(async () => {
  await Promise.all(workers.map(kill));
  await world?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

function work(command: readonly string[] = []): ChildProcess {
  const [program = process.execPath, ...args] = [...command, process.execPath, "workers/index.ts"];
  const worker = spawn(program, args, {
    // The channel ends with this process, and the worker with the channel.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      PAYDECK_SUPERVISED: "1",
      LOG_LEVEL: "fatal",
      ...env,
    },
  });
  workers.push(worker);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, "exit");
  worker.kill("SIGKILL");
  await gone;
}

/** The leases of the dead would end by themselves; a test has no minute to wait. */
async function endLeases(): Promise<void> {
  const over = "now() - interval '1 second'";
  await world.rows(
    `UPDATE outbox_message SET locked_until = ${over}, published_at = NULL WHERE done_at IS NULL AND dead_at IS NULL`,
  );
  await world.rows(`UPDATE export SET lease_until = ${over} WHERE lease_until IS NOT NULL`);
}

const ask = (format: RequestExportInput["format"]) =>
  requestExport(ctx, {
    ...requestExportSchema.parse({
      source: { kind: "PAYMENTS", filter: { date: "all" } },
      format,
      purpose: "ACCOUNTING",
      reason: "월 마감 자료를 회계팀에 전달",
      language: "ko",
      requestKey: randomUUID(),
    }),
    operator: { id: "op_TEST", role: "ADMIN", ipAddress: null },
    traceId: randomUUID().replaceAll("-", ""),
  });

const lineOf = async (exportId: string) => {
  const line = await readExport(ctx.sql, exportId);
  if (!line) throw new Error("the export is gone");
  return line;
};

/** Another export that begins where this one's rows are frozen and nothing is written yet. */
async function twinOf(exportId: string): Promise<string> {
  const twin = ctx.ids.newId("export");
  await world.rows(
    `INSERT INTO export SELECT (jsonb_populate_record(e, jsonb_build_object('id', $2::text, 'request_key', $2::text, 'lease_until', NULL,
       'rows_written', 0))).* FROM export e WHERE id = $1`,
    [exportId, twin],
  );
  await world.rows(
    `INSERT INTO export_part (export_id, part_no, row_count, rows_name) SELECT $2, part_no, row_count, rows_name FROM export_part WHERE export_id = $1`,
    [exportId, twin],
  );
  await cp(join(folder, exportId), join(folder, twin), {
    recursive: true,
    filter: (path) => !path.endsWith("-file"),
  });
  return twin;
}

test.each(["XLSX", "CSV"] as const)(
  "a worker that is killed while it writes %s costs nothing: the next one ends with the same bytes",
  { timeout: 180_000 },
  async (format) => {
    const { exportId } = await ask(format);
    const first = work();
    await expect
      .poll(async () => (await lineOf(exportId)).rowsWritten, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(0);
    await kill(first);
    const left = await lineOf(exportId);
    expect(left).toMatchObject({ state: "WRITING", rowsRead: paymentCount });
    expect(left.rowsWritten).toBeLessThan(paymentCount);
    const twin = await twinOf(exportId);

    await endLeases();
    const second = work();
    await expect.poll(async () => (await lineOf(exportId)).state, { timeout: 90_000 }).toBe("DONE");
    // Nothing but the file stays.
    await expect.poll(async () => (await readdir(join(folder, exportId))).length).toBe(1);
    await kill(second);
    const whole = await lineOf(exportId);
    expect(whole).toMatchObject({ rowsTotal: paymentCount, rowsWritten: paymentCount });
    // What was frozen was not read anew.
    expect(whole.frozenAt).toEqual(left.frozenAt);

    while (
      (await runExport(ctx, { exportId: twin }, { attempt: 1, messageId: 0n, traceId: null })).kind ===
      "again"
    );
    expect(await lineOf(twin)).toMatchObject({
      state: "DONE",
      sha256: whole.sha256,
      byteCount: whole.byteCount,
    });
    const [taken] = await world.rows<{ taken: number }>("SELECT taken FROM export WHERE id = $1", [exportId]);
    expect(taken?.taken).toBeGreaterThan(1);
  },
);

test("a worker that is killed while it reads leaves nothing half: the next one reads all of it at one moment", {
  timeout: 120_000,
}, async () => {
  const { exportId } = await ask("CSV");
  const first = work();
  await expect
    .poll(async () => (await lineOf(exportId)).rowsRead, { timeout: 60_000, interval: 10 })
    .toBeGreaterThan(0);
  await kill(first);
  const left = await lineOf(exportId);
  await endLeases();
  const second = work();
  await expect.poll(async () => (await lineOf(exportId)).state, { timeout: 90_000 }).toBe("DONE");
  await kill(second);
  expect(left.rowsRead).toBeGreaterThan(0);
  const [approved] = (await lineOf(exportId)).sums.filter(({ column }) => column === "approved");
  expect(approved?.sum).toBe(
    (BigInt(paymentCount) * BigInt(paymentCount + 1)) / 2n + 2_000n * BigInt(paymentCount),
  );
});

test("a disk that is full ends an export clearly; tried again where there is room, it is made", {
  timeout: 120_000,
}, async () => {
  const { exportId } = await ask("CSV");
  // A disk of its own for this worker, far too small, in a namespace of its own: no right is needed for it.
  const mounted = `mount -t tmpfs -o size=256k tmpfs "${folder}" && exec "$@"`;
  const small = work(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh"]);
  await expect.poll(async () => (await lineOf(exportId)).state, { timeout: 60_000 }).toBe("FAILED");
  await kill(small);
  expect(await lineOf(exportId)).toMatchObject({ failure: "DISK_FULL", rowsWritten: 0, sha256: null });
  // It is somebody's file, not money: no letter for those who look after the platform's jobs.
  expect(await world.rows("SELECT 1 FROM dead_letter")).toEqual([]);

  await retryExport(ctx, { exportId, operator: { id: "op_TEST", ipAddress: null }, traceId: "0".repeat(32) });
  const roomy = work();
  await expect.poll(async () => (await lineOf(exportId)).state, { timeout: 60_000 }).toBe("DONE");
  await kill(roomy);
  expect(await lineOf(exportId)).toMatchObject({ failure: null, rowsWritten: paymentCount });
});
