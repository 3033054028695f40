import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readBooks } from "./books.ts";
import { History } from "./history.ts";
import { type HookReceivers, openHookReceivers } from "./hook-receivers.ts";
import { keepEvidence } from "./keep-evidence.ts";
import { type MallApi, openMallApi } from "./mall-api.ts";
import { askOwnVerifier } from "./own-verifier.ts";
import { planRun } from "./plan-faults.ts";
import { type Check, judge } from "./referee.ts";
import { replayFinished } from "./replay-finished.ts";
import { type Report, summarize } from "./report.ts";
import { isReady, runFaults } from "./run-faults.ts";
import { bringToRest, describeOpen, redriveAll } from "./settle.ts";
import { type Finished, shop } from "./shopper.ts";
import { type Platform, startPlatform } from "./start-platform.ts";

export type ChaosOptions = Readonly<{
  seed: number;
  minutes: number;
  paymentsPerSecond: number;
  /** Only these kinds of faults; all when empty. */
  only: readonly string[];
  /** Where the report, the history and the evidence of a failure go. */
  outDir: string;
  keepData: boolean;
  say: (text: string) => void;
  signal: AbortSignal;
}>;

const sayEveryMs = 10_000;
const restPatienceMs = 5 * 60_000;
const readyPatienceMs = 60_000;

/**
 * The acceptance run: the real processes under traffic and faults, then rest, then the referee. Answers the report, or
 * nothing when it was stopped. Everything that was started is gone afterwards.
 */
export async function runChaos(options: ChaosOptions): Promise<Report | undefined> {
  const { seed, signal, outDir } = options;
  const begunAtMs = Date.now();
  const say = (text: string) => {
    const at = Math.floor((Date.now() - begunAtMs) / 1_000);
    options.say(
      `[${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}] ${text}`,
    );
  };
  const plan = planRun(options);
  mkdirSync(outDir, { recursive: true });
  const history = new History(join(outDir, `${seed}.history.jsonl`));
  let stop: Platform["stop"] = async () => undefined;
  let receivers: HookReceivers | undefined;
  let api: MallApi | undefined;
  let restarts = 0;
  try {
    receivers = await openHookReceivers(history, seed);
    say("starting PostgreSQL, Redis, the VANs, web and worker");
    const platform = await startPlatform({
      wantsPostgresDisk: plan.some(({ kind }) => kind.name === "full-disk-database"),
      wantsLogsDisk: plan.some(({ kind }) => kind.name === "full-disk-logs"),
      listener: {
        onNotice: (_name, text) => {
          if (text.startsWith("died")) restarts++;
        },
      },
      onBegun: (how) => {
        stop = how;
      },
    });
    api = openMallApi(platform.baseUrl, history);
    await waitUntilReady(platform, signal);
    await registerReceivers(platform, receivers);

    const startedAt = new Date();
    say(`${options.paymentsPerSecond} payments a second for ${options.minutes} min`);
    const finished: Finished[] = [];
    const traffic = openTraffic({ ...options, platform, api, history, startedAt, finished, say });
    await runFaults(
      {
        platform,
        history,
        requestsInFlight: () => api?.inFlight ?? 0,
        startedAtMs: startedAt.getTime(),
        say,
        signal,
      },
      plan,
    );
    await sleep(Math.max(0, startedAt.getTime() + options.minutes * 60_000 - Date.now()), undefined, {
      signal,
    }).catch(() => undefined);
    say("every fault is over, no more customers come");
    await platform.heal();
    receivers.stopFailing();
    await traffic.end();
    if (signal.aborted) return undefined;

    const rest = await bringToRest(platform, { patienceMs: restPatienceMs, say, signal });
    const redriven = await redriveAll(platform);
    if (redriven > 0) {
      say(`${redriven} dead letters were sent to work again`);
      await bringToRest(platform, { patienceMs: restPatienceMs, say, signal });
    }
    if (signal.aborted) return undefined;
    say(`at rest (${describeOpen(rest.open)}); the referee reads the books`);
    const replays = await replayFinished(api, finished, seed);
    const verified = await askOwnVerifier(platform);
    const books = await readBooks(platform);
    const report = summarize({
      seed,
      minutes: options.minutes,
      startedAt,
      books,
      requests: history.requests,
      hooks: history.hooks,
      faults: history.faults,
      rest,
      redriven,
      restarts,
      verified,
      checks: [
        ...judge({ books, requests: history.requests, hooks: history.hooks }),
        replays,
        ...traffic.checks(),
      ],
    });
    writeFileSync(join(outDir, `${seed}.json`), `${JSON.stringify(report, null, 1)}\n`);
    if (!report.passed) {
      const evidence = join(outDir, `${seed}-evidence`);
      await keepEvidence(platform, report.checks, evidence);
      say(`evidence is kept in ${evidence}`);
    }
    return report;
  } finally {
    await api?.close();
    await receivers?.close();
    await stop({ keepData: options.keepData });
    await history.close();
  }
}

async function waitUntilReady(platform: Platform, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyPatienceMs;
  while (!(await isReady(platform))) {
    if (signal.aborted) return;
    if (Date.now() > deadline) throw new Error("the platform was not ready within a minute");
    await sleep(200);
  }
}

/** Each mall listens at one address; the first at two. */
async function registerReceivers({ malls, baseUrl }: Platform, receivers: HookReceivers): Promise<void> {
  for (const [index, mall] of malls.entries()) {
    for (const name of index === 0 ? [`${mall.mallId}-a`, `${mall.mallId}-b`] : [mall.mallId]) {
      const response = await fetch(`${baseUrl}/api/v1/webhook-endpoints`, {
        method: "POST",
        headers: { authorization: `Bearer ${mall.secretKey}`, "content-type": "application/json" },
        body: JSON.stringify({ url: receivers.addressOf(name) }),
      });
      const { code, data } = (await response.json()) as {
        code: string;
        data: { endpointId: string; secret: string };
      };
      if (code !== "SUCCESS") throw new Error(`a webhook endpoint could not be registered: ${code}`);
      receivers.trust(name, data.endpointId, data.secret);
    }
  }
}

type Traffic = Readonly<{
  /** Lets nobody in any more and waits for those who are there. */
  end(): Promise<void>;
  checks(): Check[];
}>;

/** Customers come at a fixed rate, whether those before them are served or not. */
function openTraffic(
  run: ChaosOptions & {
    platform: Platform;
    api: MallApi;
    history: History;
    startedAt: Date;
    finished: Finished[];
  },
): Traffic {
  const { platform, api, history, startedAt, seed, signal } = run;
  const orderPrefix = `C${startedAt.getTime().toString(36).toUpperCase()}`;
  const shopping = new Set<Promise<void>>();
  const bugs: string[] = [];
  let isOpen = true;
  let customers = 0;
  const door = (async () => {
    while (isOpen && !signal.aborted) {
      const due = Math.floor(((Date.now() - startedAt.getTime()) * run.paymentsPerSecond) / 1_000);
      while (customers < due) {
        const visit: Promise<void> = shop(
          { api, malls: platform.malls, seed, orderPrefix, onFinished: (one) => void run.finished.push(one) },
          customers++,
        )
          .catch(
            (error: unknown) =>
              void bugs.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
          )
          .finally(() => shopping.delete(visit));
        shopping.add(visit);
      }
      await sleep(10);
    }
  })();
  const teller = setInterval(() => void tell(), sayEveryMs);
  async function tell(): Promise<void> {
    const answered = history.requests.filter(({ status }) => status !== null).length;
    run.say(
      `${customers} customers, ${history.requests.length} requests (${history.requests.length - answered} unanswered), ${api.inFlight} in flight, ${await countUnresolved(platform)} unresolved`,
    );
  }
  return {
    async end() {
      isOpen = false;
      await door;
      clearInterval(teller);
      if (signal.aborted) return;
      await Promise.all(shopping);
    },
    checks: () => [
      {
        name: "every customer was served to the end",
        cases: customers,
        passed: bugs.length === 0,
        findings: bugs.map((says) => ({ subject: "shopper", says })),
      },
    ],
  };
}

async function countUnresolved({ databaseUrl }: Platform): Promise<string> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 1_000,
    query_timeout: 2_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ count: string }>(
      "SELECT count(*) FROM payment WHERE status IN ('IN_PROGRESS', 'UNKNOWN', 'CANCEL_PENDING')",
    );
    return rows[0]?.count ?? "?";
  } catch {
    // The database is what may be away just now.
    return "?";
  } finally {
    await client.end().catch(() => undefined);
  }
}
