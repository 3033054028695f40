import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBulkRun } from "#server/bulk/bulk-cancel-queries.ts";
import { previewBulkCancel } from "#server/bulk/preview-bulk-cancel.ts";
import { startBulkCancel } from "#server/bulk/start-bulk-cancel.ts";
import { ApiProcess } from "#server/testing/api-process.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Real worker processes, one of them killed in the middle, and a real VAN whose ledger is the referee.

let world: TestWorld;
let van: SandboxVan;
let api: ApiProcess;
let env: Record<string, string>;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  world = await openTestWorld();
  // Slow enough that whoever is killed has cancels on their way.
  van = await SandboxVan.start("SBX1", { latencyMs: 300 });
  const { PAYDECK_SECRET, PAYDECK_METRICS_TOKEN, NEXTAUTH_SECRET, REDIS_URL } = world.ctx.env;
  env = {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL,
    VAN_SBX1_URL: van.url,
    PAYDECK_SECRET,
    PAYDECK_METRICS_TOKEN,
    NEXTAUTH_SECRET,
  };
  api = await ApiProcess.start(env);
});
afterAll(async () => {
  await Promise.all(workers.map(kill));
  await api?.stop();
  await van?.discard();
  await world?.close();
});

function work(): ChildProcess {
  const worker = spawn(process.execPath, ["workers/index.ts"], {
    // The channel ends with this process, and the worker with the channel.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "production", PAYDECK_SUPERVISED: "1", LOG_LEVEL: "fatal", ...env },
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

async function approve(): Promise<{ id: string; orderId: string }> {
  const orderId = `B-${randomUUID()}`;
  const { status, data } = await api.post(
    "/payments",
    {
      authorization: `Basic ${Buffer.from(`${world.secretKey}:`).toString("base64")}`,
      "idempotency-key": randomUUID(),
    },
    {
      orderId,
      amount: 10_000,
      orderName: "책",
      method: "CARD",
      card: { number: "4330123412341234", expiryYear: "30", expiryMonth: "12" },
    },
  );
  if (status !== 200) throw new Error(`an approval was answered ${status}`);
  return { id: String(data.paymentKey), orderId };
}

test("40 payments are cancelled once each, although a worker is killed in the middle", {
  timeout: 120_000,
}, async () => {
  // A few at a time: more would be turned away.
  const paid: Awaited<ReturnType<typeof approve>>[] = [];
  while (paid.length < 40) paid.push(...(await Promise.all(Array.from({ length: 8 }, approve))));
  const source = { kind: "ids", ids: paid.map(({ id }) => id) } as const;
  const preview = await previewBulkCancel(world.ctx, { ...source, ids: [...source.ids] });
  if (preview.kind !== "planned") throw new Error("the source cannot be read");
  const { runId } = await startBulkCancel(world.ctx, {
    source: { ...source, ids: [...source.ids] },
    reason: "행사 취소",
    seen: { digest: preview.plan.digest, count: 40 },
    requestKey: randomUUID(),
    actor: { type: "operator", id: "op_TEST", ipAddress: null },
    role: "ADMIN",
    traceId: randomUUID().replaceAll("-", ""),
  });
  const run = async () => {
    const line = await readBulkRun(world.ctx.reports, runId);
    if (!line) throw new Error("the run is gone");
    return line;
  };
  const first = work();
  await expect.poll(async () => (await run()).done, { timeout: 30_000, interval: 50 }).toBeGreaterThan(4);
  await kill(first);
  const left = await run();
  expect(left.done).toBeLessThan(40);
  // What the dead process held counts as being cancelled, and not as waiting.
  const [held] = await world.rows<{ count: number }>(
    "SELECT count(*)::int AS count FROM bulk_cancel_row WHERE state = 'RUNNING'",
  );
  expect(left.running).toBe(held?.count);
  const [begun] = await world.rows<{ count: number }>(
    "SELECT count(*)::int AS count FROM payment_cancel WHERE status = 'REQUESTED'",
  );
  expect(begun?.count).toBeGreaterThan(0);

  // The leases of the dead would end by themselves; a test has no minute to wait.
  const over = "now() - interval '1 second'";
  await world.rows(
    `UPDATE outbox_message SET locked_until = ${over}, published_at = NULL WHERE done_at IS NULL`,
  );
  await world.rows(`UPDATE bulk_cancel_row SET lease_until = ${over} WHERE state = 'RUNNING'`);
  await world.rows(`UPDATE payment SET lease_until = ${over} WHERE status = 'CANCEL_PENDING'`);
  await world.rows(`UPDATE payment_cancel SET lease_until = ${over} WHERE status = 'REQUESTED'`);
  work();
  work();
  await expect
    .poll(async () => (({ state, done, unknown }) => ({ state, done, unknown }))(await run()), {
      timeout: 60_000,
    })
    .toEqual({ state: "FINISHED", done: 40, unknown: 0 });

  expect((await run()).doneMinor).toBe(400_000n);
  expect(
    await world.rows(
      "SELECT count(*)::int AS cancels, count(DISTINCT payment_id)::int AS payments FROM payment_cancel",
    ),
  ).toEqual([{ cancels: 40, payments: 40 }]);
  for (const { orderId } of paid) {
    const story = await van.story(orderId);
    expect(story.filter((line) => line === "CANCEL:CANCELED")).toHaveLength(1);
    expect(story).not.toContain("CANCEL:REFUSED");
  }
});
