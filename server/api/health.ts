import { timingSafeEqual } from "node:crypto";
import { readIntegrityFigures } from "#server/integrity/integrity-queries.ts";
import type { Context } from "#server/platform/context.ts";
import { readLiveness } from "#server/platform/liveness.ts";
import { recordIntegrity, renderMetrics } from "#server/platform/metrics.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { readAllVanSettings } from "#server/van/van-queries.ts";

type Part = Readonly<{ up: boolean; detail?: string }>;

/** Says that the process runs; never touches database, Redis or VANs. */
export function liveResponse(): Response {
  return Response.json(
    { code: "SUCCESS", message: "live", data: { uptimeSeconds: Math.round(process.uptime()) } },
    { headers: noStore },
  );
}

/**
 * Says whether payments can be taken: 200 when database, workers and VANs are up, what an earlier process left behind has
 * been taken over, and this process was not told to stop. Redis is a courtesy, so its absence or a policy by which it
 * forgets what it was given is told and does not make the platform unready.
 */
export async function readyResponse(ctx: Context & Pick<Runtime, "lifecycle">): Promise<Response> {
  const { sweep, draining } = ctx.lifecycle;
  if (draining) return answerReady({ ready: false, draining, sweep });
  const database = await check(
    async () => void (await ctx.sql.run({ name: "health-database", text: "SELECT 1" }, [])),
  );
  const redis = await checkRedis(ctx);
  const workers = database.up
    ? await checkWorkers(ctx)
    : { up: false, detail: "not known without the database" };
  const vans: Record<string, Part> = {};
  if (database.up) {
    for (const [code, settings] of await readAllVanSettings(ctx.sql)) {
      const gateway = ctx.vans.get(code);
      if (settings.isEnabled)
        vans[code] = gateway
          ? { up: gateway.health().reachable }
          : { up: false, detail: "no address is set" };
    }
  }
  // A platform whose VANs are still to be set up is up; one that can reach none of its VANs is not.
  const known = Object.values(vans);
  const ready =
    sweep === "done" && database.up && workers.up && (known.length === 0 || known.some((van) => van.up));
  return answerReady({ ready, draining, sweep, database, redis, workers, vans });
}

function answerReady(data: { ready: boolean; [part: string]: unknown }): Response {
  const { ready } = data;
  return Response.json(
    { code: ready ? "SUCCESS" : "MAINTENANCE", message: ready ? "ready" : "not ready", data },
    { status: ready ? 200 : 503, headers: noStore },
  );
}

async function checkRedis({ redis }: Context): Promise<Part> {
  if (!(await redis.ping())) return { up: false };
  const policy = redis.evictionPolicy();
  return policy === null || policy === "noeviction"
    ? { up: true }
    : { up: true, detail: `maxmemory-policy is ${policy}: wake-ups and locks may vanish; set noeviction` };
}

/** The metrics of this process for Prometheus, behind the bearer token `PAYDECK_METRICS_TOKEN`. */
export async function metricsResponse(ctx: Context, authorization: string | null): Promise<Response> {
  const expected = Buffer.from(`Bearer ${ctx.env.PAYDECK_METRICS_TOKEN}`);
  const given = Buffer.from(authorization ?? "");
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return new Response("unauthorized\n", { status: 401, headers: noStore });
  await tellIntegrity(ctx);
  return new Response(await renderMetrics(), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", ...noStore },
  });
}

/** What every process reads from the tables alike. Without the database the rest of the metrics is told all the same. */
async function tellIntegrity(ctx: Context): Promise<void> {
  try {
    const figures = await readIntegrityFigures(ctx.reports, ctx.now());
    recordIntegrity({ ...figures, auditChainValid: (figures.violations.get("I9") ?? 0) === 0 });
  } catch (error) {
    ctx.log.warn({ err: error }, "the figures of the platform's integrity could not be read");
    recordIntegrity(null);
  }
}

const noStore = { "cache-control": "no-store" };

async function checkWorkers(ctx: Context): Promise<Part> {
  const seen = await readLiveness(ctx.sql, "worker");
  if (!seen) return { up: false, detail: "no worker has reported yet" };
  const agoMs = ctx.now().getTime() - seen.getTime();
  return agoMs < 20_000
    ? { up: true }
    : { up: false, detail: `the last worker reported ${Math.round(agoMs / 1000)} s ago` };
}

async function check(work: () => Promise<void>): Promise<Part> {
  try {
    await work();
    return { up: true };
  } catch {
    return { up: false, detail: "does not answer" };
  }
}
