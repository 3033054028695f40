import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { History } from "./history.ts";
import type { PlannedFault } from "./plan-faults.ts";
import type { LinkName, Platform } from "./start-platform.ts";

const askEveryMs = 250;
/** A platform that is not whole after this long has not got over the fault. */
const patienceMs = 180_000;
/** A target that is just starting again is waited for. */
const triesMax = 20;

type Run = Readonly<{
  platform: Platform;
  history: History;
  requestsInFlight: () => number;
  startedAtMs: number;
  say: (text: string) => void;
  signal: AbortSignal;
}>;

/** Injects the planned faults at their times, ends each at its time, and notes what was going on and how long it took to get over it. */
export async function runFaults(run: Run, plan: readonly PlannedFault[]): Promise<void> {
  await Promise.all(plan.map((planned, index) => runFault(run, planned, `${index + 1}/${plan.length}`)));
}

async function runFault(run: Run, planned: PlannedFault, place: string): Promise<void> {
  const { platform, history, signal } = run;
  const { kind, on, durationMs } = planned;
  const isWaiting = await sleep(run.startedAtMs + planned.atMs - Date.now(), true, { signal }).catch(
    () => false,
  );
  if (!isWaiting) return;
  const links = Object.values(platform.links);
  const begun = {
    atMs: Date.now(),
    kind: kind.name,
    on,
    durationMs,
    requestsInFlight: run.requestsInFlight(),
    vanCallsInFlight: links.reduce((sum, link) => sum + link.inFlight, 0),
  };
  const impossible = kind.impossible?.(platform);
  if (impossible !== undefined) {
    run.say(`fault ${place} ${kind.name}: not possible here (${impossible})`);
    history.sawFault({ ...begun, touched: null, wholeAfterMs: null, skipped: impossible });
    return;
  }
  run.say(
    `fault ${place} ${kind.name} on ${on}${durationMs > 0 ? ` for ${(durationMs / 1_000).toFixed(1)} s` : ""}, ${begun.requestsInFlight} requests and ${begun.vanCallsInFlight} VAN calls in flight`,
  );
  const undo = await injectOrSay(run, planned, place);
  if (undo === "failed") {
    history.sawFault({ ...begun, touched: null, wholeAfterMs: null, skipped: "its target was away" });
    return;
  }
  // The run may be stopped in the middle: what was begun is ended all the same.
  if (durationMs > 0) await sleep(durationMs, undefined, { signal }).catch(() => undefined);
  const touched = on in platform.links ? platform.links[on as LinkName].touched : null;
  await undo?.();
  const isWhole = await untilWhole(run, new Date());
  const wholeAfterMs = isWhole ? Date.now() - begun.atMs : null;
  history.sawFault({ ...begun, touched, wholeAfterMs, skipped: null });
}

async function injectOrSay({ platform, say }: Run, { kind, on }: PlannedFault, place: string) {
  let last: unknown;
  for (let tried = 0; tried < triesMax; tried++) {
    try {
      return await kind.inject(platform, on);
    } catch (error) {
      last = error;
      await sleep(200);
    }
  }
  say(
    `fault ${place} ${kind.name} could not be injected: ${last instanceof Error ? last.message : String(last)}`,
  );
  return "failed" as const;
}

/**
 * Waits until every part says it is up, a payment has been approved and a job has been done since then. False when that
 * does not come about, or the run is stopped.
 */
async function untilWhole({ platform, signal }: Run, since: Date): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && !signal.aborted) {
    if ((await isReady(platform)) && (await isAtWork(platform, since))) return true;
    await sleep(askEveryMs);
  }
  return false;
}

/** True when `GET /api/health/ready` answers and none of its parts is down. */
export async function isReady({ baseUrl }: Platform): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl}/api/health/ready`, { signal: AbortSignal.timeout(2_000) });
    const { data } = (await response.json()) as { data: object };
    return response.ok && !hasPartDown(data);
  } catch {
    // Not there, or not answering: the caller asks again.
    return false;
  }
}

function hasPartDown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (value as { up?: boolean }).up === false || Object.values(value).some(hasPartDown);
}

async function isAtWork({ databaseUrl }: Platform, since: Date): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 1_000,
    query_timeout: 2_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ atWork: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM payment WHERE requested_at > $1 AND approved_at IS NOT NULL)
        AND EXISTS (SELECT 1 FROM outbox_message WHERE done_at > $1) AS "atWork"`,
      [since],
    );
    return rows[0]?.atWork === true;
  } catch {
    // The database is away: the caller asks again.
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
