import { randomUUID } from "node:crypto";
import { runMessage } from "#server/outbox/run-message.ts";
import { resumeVanWork } from "#server/payments/resume-van-work.ts";
import { sweepFirst } from "#server/payments/sweep-first.ts";
import { BrokenSettings, readEnv } from "#server/platform/env.ts";
import { heartbeatEveryMs, reportLiveness } from "#server/platform/liveness.ts";
import { openRuntime } from "#server/platform/runtime.ts";
import { type Bull, openBull } from "#workers/bull.ts";
import { canaryTurn, canaryTurnMs } from "#workers/canary.ts";
import { postponeUnderLoad } from "#workers/postpone-under-load.ts";
import { workshop } from "#workers/registry.ts";
import { relayTurn } from "#workers/relay.ts";
import { type Loop, runEvery } from "#workers/run-every.ts";
import { schedules } from "#workers/schedules.ts";
import { openShift } from "#workers/shift.ts";

const relayEveryMs = 200;
/** How long a worker that is broken waits for what it has under way. */
const brokenDrainMaxMs = 5_000;

/**
 * The worker process: relay, jobs and clocks. It reports itself alive, and so the platform as ready, once it has taken over
 * what an earlier run left behind. Told to stop, it claims nothing new and finishes what it has begun.
 */
async function main(): Promise<void> {
  const env = readEnv();
  const ctx = openRuntime("paydeck-worker", env, (van, from) => {
    if (from === "OPEN") void resumeVanWork(ctx, van);
  });
  const { lifecycle } = ctx;
  const me = { id: randomUUID(), role: "worker" as const, startedAt: new Date() };
  const jobs = postponeUnderLoad(workshop, ctx.admission);
  const shift = openShift((messageId) => runMessage(ctx, jobs, messageId));
  let loops: Loop[] = [];
  let bull: Bull | undefined;

  const stop = async (reason: string, exitCode = 0, drainMaxMs = env.PAYDECK_DRAIN_MAX_MS) => {
    if (lifecycle.draining) return;
    lifecycle.startDraining();
    ctx.log.info(`stopping (${reason}): jobs under way are finished first`);
    setTimeout(() => process.exit(1), drainMaxMs).unref();
    await Promise.all([shift.end(), bull?.close(), ...loops.map((loop) => loop.stop())]);
    await ctx.close();
    process.exit(exitCode);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  if (process.env.PAYDECK_SUPERVISED === "1")
    process.on("disconnect", () => void stop("the supervisor is gone"));

  await sweepFirst(ctx, { isStopping: () => lifecycle.draining });
  if (lifecycle.draining) return;
  lifecycle.sweepDone();
  // A VAN may have come back while no worker was there to hear it.
  await Promise.all([...ctx.vans.keys()].map((van) => resumeVanWork(ctx, van)));
  bull = openBull(env.REDIS_URL, ctx.log, shift.perform);
  const watchCanary = canaryTurn(
    bull,
    ctx.log,
    (queue) => void stop(`queue ${queue} is stuck`, 1, brokenDrainMaxMs),
  );
  loops = [
    runEvery(ctx.log, "heartbeat", heartbeatEveryMs, () => reportLiveness(ctx.sql, me)),
    runEvery(ctx.log, "relay", relayEveryMs, relayTurn(ctx, jobs, bull, { perform: shift.perform })),
    runEvery(ctx.log, "canary", canaryTurnMs, watchCanary),
    ...schedules.map(({ name, everyMs, run }) => runEvery(ctx.log, name, everyMs, () => run(ctx))),
  ];
  ctx.log.info("the worker runs");
}

main().catch((error: unknown) => {
  if (error instanceof BrokenSettings) for (const line of error.lines) process.stderr.write(`${line}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
