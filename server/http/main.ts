import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";
import {
  isApiAddress,
  type Listener,
  openApiListener,
  refuseBrokenRequest,
} from "#server/http/api-listener.ts";
import { openDrain } from "#server/http/drain.ts";
import { keepKeyUsesRegularly } from "#server/malls/keep-key-uses.ts";
import { keepTimingsRegularly } from "#server/payments/keep-approval-timings.ts";
import { sweepFirst } from "#server/payments/sweep-first.ts";
import { BrokenSettings, readEnv } from "#server/platform/env.ts";
import { heartbeatEveryMs, reportLiveness } from "#server/platform/liveness.ts";
import { openRuntime, type Runtime } from "#server/platform/runtime.ts";

/** After the drain pools are closed, which waits for nobody; longer than this means that something hangs. */
const closeMaxMs = 2_000;

/**
 * The web process: answers the mall API itself, without passing through Next's router, and gives everything else to Next.
 * With `PAYDECK_ROLE=api` it serves no console. On SIGTERM it drains and exits 0 (docs/decisions/012).
 */
async function main(): Promise<void> {
  const env = readEnv();
  const context = openRuntime("paydeck-web", env);
  (globalThis as { paydeckRuntime?: Runtime }).paydeckRuntime = context;
  const { lifecycle } = context;
  const server = createServer({
    requestTimeout: 15_000,
    headersTimeout: 10_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  });
  const drain = openDrain(server, {
    lifecycle,
    delayMs: env.PAYDECK_DRAIN_DELAY_MS,
    maxMs: env.PAYDECK_DRAIN_MAX_MS,
  });

  const answerApi = openApiListener(context);
  let answerPage: Listener = answerApi;
  let closePages = async () => {};
  if (env.PAYDECK_ROLE !== "api") {
    const app = next({
      dev: env.NODE_ENV === "development",
      hostname: env.PAYDECK_HOST,
      port: env.PORT,
      httpServer: server,
    });
    await app.prepare();
    answerPage = app.getRequestHandler();
    closePages = () => app.close();
  }
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!drain.admits(incoming, outgoing)) return;
    const answer = isApiAddress(incoming.url ?? "/") ? answerApi : answerPage;
    // Only the socket says who calls; a header that anyone can write must not reach the audit log.
    incoming.headers["x-forwarded-for"] = incoming.socket.remoteAddress ?? "";
    Promise.resolve(answer(incoming, outgoing)).catch((error: unknown) => {
      context.log.error({ err: error }, "a request met a bug");
      outgoing.destroy();
    });
  });
  server.on("clientError", refuseBrokenRequest);
  const me = { id: randomUUID(), role: "web" as const, startedAt: new Date() };
  // Charts mark when a process began. Payments do not depend on it, so a database that is away is no reason to stop.
  const beat = () =>
    reportLiveness(context.reports, me).catch((error: unknown) =>
      context.log.warn({ err: error }, "the sign of life was not written"),
    );
  server.listen(env.PORT, env.PAYDECK_HOST, () => {
    context.log.info(`listening on ${env.PAYDECK_HOST}:${env.PORT}`);
    void beat();
  });
  const heart = setInterval(() => void beat(), heartbeatEveryMs);

  const timings = keepTimingsRegularly(context);
  const keyUses = keepKeyUsesRegularly(context);

  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    context.log.info(`stopping (${reason}): requests under way are finished first`);
    clearInterval(heart);
    setTimeout(
      () => process.exit(1),
      env.PAYDECK_DRAIN_DELAY_MS + env.PAYDECK_DRAIN_MAX_MS + closeMaxMs,
    ).unref();
    const isClean = await drain.finish();
    if (!isClean) context.log.error("stopped before all requests were answered: they took too long");
    await closePages();
    await timings.stop();
    await keyUses.stop();
    await context.close();
    process.exit(isClean ? 0 : 1);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  if (process.env.PAYDECK_SUPERVISED === "1")
    process.on("disconnect", () => void stop("the supervisor is gone"));

  await sweepFirst(context, { isStopping: () => lifecycle.draining });
  lifecycle.sweepDone();
}

main().catch((error: unknown) => {
  if (error instanceof BrokenSettings) for (const line of error.lines) process.stderr.write(`${line}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
