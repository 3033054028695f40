import { randomUUID } from "node:crypto";
import { runMessage } from "#server/outbox/run-message.ts";
import { resumeVanWork } from "#server/payments/resume-van-work.ts";
import { BrokenSettings, readEnv } from "#server/platform/env.ts";
import { reportLiveness } from "#server/platform/liveness.ts";
import { openRuntime } from "#server/platform/runtime.ts";
import { openBull } from "#workers/bull.ts";
import { workshop } from "#workers/registry.ts";
import { relayTurn } from "#workers/relay.ts";
import { runEvery } from "#workers/run-every.ts";
import { schedules } from "#workers/schedules.ts";

const relayEveryMs = 200;
const heartbeatEveryMs = 5_000;
const drainMaxMs = 45_000;

/** The worker process: relay, jobs and clocks. Stops by finishing what it has begun. */
async function main(): Promise<void> {
  const env = readEnv();
  const ctx = openRuntime("paydeck-worker", env, (van, from) => {
    if (from === "OPEN") void resumeVanWork(ctx, van);
  });
  const bull = openBull(env.REDIS_URL, ctx.log, (messageId) => runMessage(ctx, workshop, messageId));
  const me = { id: randomUUID(), role: "worker" as const, startedAt: new Date() };
  const loops = [
    runEvery(ctx.log, "heartbeat", heartbeatEveryMs, () => reportLiveness(ctx.sql, me)),
    runEvery(ctx.log, "relay", relayEveryMs, relayTurn(ctx, workshop, bull)),
    ...schedules.map(({ name, everyMs, run }) => runEvery(ctx.log, name, everyMs, () => run(ctx))),
  ];
  ctx.log.info("the worker runs");

  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    ctx.log.info(`stopping (${reason}): jobs under way are finished first`);
    setTimeout(() => process.exit(1), drainMaxMs).unref();
    await Promise.all(loops.map((loop) => loop.stop()));
    await bull.close();
    await ctx.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  if (process.env.PAYDECK_SUPERVISED === "1")
    process.on("disconnect", () => void stop("the supervisor is gone"));
}

main().catch((error: unknown) => {
  if (error instanceof BrokenSettings) for (const line of error.lines) process.stderr.write(`${line}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
