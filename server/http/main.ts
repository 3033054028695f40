import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";
import {
  isApiAddress,
  type Listener,
  openApiListener,
  refuseBrokenRequest,
} from "#server/http/api-listener.ts";
import { BrokenSettings, readEnv } from "#server/platform/env.ts";
import { openRuntime, type Runtime } from "#server/platform/runtime.ts";

/**
 * The web process: answers the mall API itself, without passing through Next's router, and gives everything else to Next.
 * With `PAYDECK_ROLE=api` it serves no console.
 */
async function main(): Promise<void> {
  const env = readEnv();
  const context = openRuntime("paydeck-web", env);
  (globalThis as { paydeckRuntime?: Runtime }).paydeckRuntime = context;
  const server = createServer({
    requestTimeout: 15_000,
    headersTimeout: 10_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
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
    const answer = isApiAddress(incoming.url ?? "/") ? answerApi : answerPage;
    // Only the socket says who calls; a header that anyone can write must not reach the audit log.
    incoming.headers["x-forwarded-for"] = incoming.socket.remoteAddress ?? "";
    Promise.resolve(answer(incoming, outgoing)).catch((error: unknown) => {
      context.log.error({ err: error }, "a request met a bug");
      outgoing.destroy();
    });
  });
  server.on("clientError", refuseBrokenRequest);
  server.listen(env.PORT, env.PAYDECK_HOST, () =>
    context.log.info(`listening on ${env.PAYDECK_HOST}:${env.PORT}`),
  );

  let stopping = false;
  const stop = (reason: string) => {
    if (stopping) return;
    stopping = true;
    context.log.info(`stopping (${reason}): requests under way are finished first`);
    server.close(async () => {
      await closePages();
      await context.close();
      process.exit(0);
    });
    server.closeIdleConnections();
    setInterval(() => server.closeIdleConnections(), 200).unref();
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  if (process.env.PAYDECK_SUPERVISED === "1") process.on("disconnect", () => stop("the supervisor is gone"));
}

main().catch((error: unknown) => {
  if (error instanceof BrokenSettings) for (const line of error.lines) process.stderr.write(`${line}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
