/**
 * The demo's malls at work: about one payment a second through the public API, some cancels, some declines and now and
 * then a fault that resolves by itself; listens to its own webhooks. Knows only what a mall would know.
 * With `PAYDECK_DEMO_TRAFFIC=0` it sells nothing and only listens.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { demoMalls } from "#prisma/seed/demo-malls.ts";
import { createRandom } from "#prisma/seed/random.ts";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import type { DemoFile } from "#scripts/supervisor/demo-file.ts";
import { listenToWebhooks } from "./listen-to-webhooks.ts";
import { type MallAnswer, type MallClient, openMallClient, PlatformAway } from "./mall-client.ts";
import {
  createTill,
  planCancel,
  type Sold,
  shares,
  testCodeOfApproval,
  testCodeOfCancel,
} from "./shopping.ts";

const paymentsPerSecond = 1;
const inFlightMax = 30;
/** So long after the sale a customer may still change their mind. */
const cancelWithinMs = 10 * 60_000;
const soldMax = 500;
const listenAgainMs = 30_000;
const reportEveryMs = 60_000;
const awayDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

const demoPath = join(process.env.PAYDECK_DATA_DIR || ".data", "demo.json");
const stopping = new AbortController();
const { signal } = stopping;
const random = createRandom(Date.now());

function say(
  message: string,
  facts: Readonly<Record<string, unknown>> = {},
  level: "info" | "warn" = "info",
): void {
  process.stdout.write(
    `${JSON.stringify({ "@timestamp": new Date().toISOString(), "log.level": level, message, ...facts })}\n`,
  );
}

type Shop = Readonly<{
  mall: DemoFile["malls"][number];
  share: number;
  client: MallClient;
  till: ReturnType<typeof createTill>;
  sold: Sold[];
}>;

/** What happened since the last report. */
const counts: Record<string, number> = {};
function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

function openShops(demo: DemoFile, baseUrl: string): Shop[] {
  return demo.malls.flatMap((mall) => {
    const known = demoMalls.find(({ name }) => name === mall.name);
    if (!known) return [];
    return {
      mall,
      share: known.share,
      client: openMallClient({ baseUrl, secretKey: mall.secretKey, signal }),
      till: createTill(known),
      sold: [],
    };
  });
}

async function sell({ mall, client, till, sold }: Shop): Promise<void> {
  const order = till.ring(random, new Date());
  const unusual = testCodeOfApproval(random);
  const answer = await client.send({
    method: "POST",
    path: "/payments",
    body: order,
    idempotencyKey: randomUUID(),
    testCode: unusual?.testCode,
  });
  count(answer.code);
  if (unusual?.isFault || answer.tries > 1) {
    say("an approval took a detour", {
      mall: mall.name,
      orderId: order.orderId,
      testCode: unusual?.testCode,
      code: answer.code,
      tries: answer.tries,
    });
  }
  if (answer.code !== "SUCCESS") return;
  sold.push({
    paymentKey: String(answer.data.paymentKey),
    soldAtMs: Date.now(),
    balance: order.amount,
    taxFree: order.taxFreeAmount,
  });
  if (sold.length > soldMax) sold.shift();
}

async function takeBack({ mall, client, sold }: Shop): Promise<void> {
  const recent = sold.filter(
    ({ soldAtMs, balance }) => balance > 0 && Date.now() - soldAtMs < cancelWithinMs,
  );
  if (recent.length === 0) return;
  const one = random.pick(recent);
  const body = planCancel(random, one);
  const before = one.balance;
  // Nobody cancels the same payment twice at a time: it is out of reach until this one is over.
  one.balance = 0;
  const testCode = testCodeOfCancel(random);
  const answer = await client.send({
    method: "POST",
    path: `/payments/${one.paymentKey}/cancel`,
    body,
    idempotencyKey: randomUUID(),
    testCode,
  });
  count(answer.code === "SUCCESS" ? "CANCELED" : answer.code);
  if (answer.code !== "SUCCESS")
    say(
      "a cancel was refused",
      { mall: mall.name, paymentKey: one.paymentKey, code: answer.code, before },
      "warn",
    );
  if (answer.code !== "SUCCESS" || testCode) return;
  noteBalance(one, answer);
}

function noteBalance(one: Sold, { data }: MallAnswer): void {
  const cancels = data.cancels as readonly { status: string; taxFreeAmount: number }[];
  one.balance = Number(data.balanceAmount);
  one.taxFree =
    Number(data.taxFreeAmount) -
    cancels
      .filter(({ status }) => status === "SUCCEEDED")
      .reduce((sum, cancel) => sum + cancel.taxFreeAmount, 0);
}

/** Waits while the platform is away; says so once when it goes and once when it is back. */
async function waitForPlatform(baseUrl: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const response = await fetch(`${baseUrl}/api/health/live`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      });
      await response.body?.cancel();
      if (response.ok) {
        if (tries > 0) say("the platform is back");
        return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
    }
    if (tries === 0) say("the platform does not answer; waiting", {}, "warn");
    await sleep(awayDelaysMs[Math.min(tries, awayDelaysMs.length - 1)], undefined, { signal });
  }
}

async function listen(shops: readonly Shop[]): Promise<() => Promise<void>> {
  const { receiver, newSecrets } = await listenToWebhooks(
    shops.filter(({ mall }) => mall.webhookSecret),
    {
      onReceived({ mallId, isGenuine }) {
        count(isGenuine ? "WEBHOOK" : "WEBHOOK_FORGED");
        if (!isGenuine) say("a webhook is not signed by the platform", { mallId }, "warn");
      },
      stumbles: () => random.chance(0.007),
    },
  );
  if (newSecrets.size > 0) rememberSecrets(newSecrets);
  say("listening to webhooks", { port: receiver.port, registeredAnew: newSecrets.size });
  return receiver.close;
}

/** Listens as soon as the platform lets it; selling goes on meanwhile. Returns how to stop. */
function keepListening(shops: readonly Shop[]): () => Promise<void> {
  const listening = (async () => {
    for (;;) {
      try {
        return await listen(shops);
      } catch (error) {
        if (signal.aborted) return async () => undefined;
        say("webhooks cannot be listened to yet", { error: String(error) }, "warn");
        await sleep(listenAgainMs, undefined, { signal }).catch(() => undefined);
      }
    }
  })();
  return async () => (await listening)();
}

/** `demo.json` says the secrets that are in force, for whoever tries webhooks by hand. */
function rememberSecrets(secrets: ReadonlyMap<string, string>): void {
  const demo = JSON.parse(readFileSync(demoPath, "utf8")) as DemoFile;
  const malls = demo.malls.map((mall) => {
    const webhookSecret = secrets.get(mall.mallId);
    return webhookSecret ? { ...mall, webhookSecret } : mall;
  });
  writeFileAtomic(demoPath, `${JSON.stringify({ ...demo, malls }, null, 2)}\n`);
}

async function trade(shops: readonly Shop[], baseUrl: string): Promise<void> {
  const byShare = shops.map((shop) => [shop, shop.share] as const);
  const inFlight = new Set<Promise<void>>();
  let away = false;
  const start = (work: Promise<void>) => {
    const running = work
      .catch((error: unknown) => {
        if (signal.aborted) return;
        if (error instanceof PlatformAway) away = true;
        else
          say(
            "a mall met a bug of its own",
            { error: error instanceof Error ? error.stack : String(error) },
            "warn",
          );
      })
      .finally(() => inFlight.delete(running));
    inFlight.add(running);
  };
  while (!signal.aborted) {
    if (away) {
      await waitForPlatform(baseUrl);
      away = false;
    }
    if (inFlight.size < inFlightMax) {
      const shop = random.weighted(byShare);
      start(sell(shop));
      if (random.chance(shares.cancels)) start(takeBack(shop));
    }
    await sleep(Math.min(random.wait(1_000 / paymentsPerSecond), 5_000), undefined, { signal });
  }
}

/** Somebody else sells; what is sold is still told to these malls. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function main(): Promise<void> {
  const demo = JSON.parse(readFileSync(demoPath, "utf8")) as DemoFile;
  const baseUrl = process.env.PAYDECK_BASE_URL || demo.baseUrl;
  const shops = openShops(demo, baseUrl);
  if (shops.length === 0) throw new Error(`${demoPath} names no mall of the demo`);
  await waitForPlatform(baseUrl);
  const stopListening = keepListening(shops);
  const report = setInterval(() => {
    say("traffic", { ...counts });
    for (const what of Object.keys(counts)) delete counts[what];
  }, reportEveryMs);
  try {
    if (process.env.PAYDECK_DEMO_TRAFFIC === "0") await untilStopped();
    else {
      say("trading", { malls: shops.length, paymentsPerSecond });
      await trade(shops, baseUrl);
    }
  } finally {
    clearInterval(report);
    await stopListening();
  }
}

const stop = () => stopping.abort();
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
if (process.env.PAYDECK_SUPERVISED === "1") process.on("disconnect", stop);

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (signal.aborted) process.exit(0);
    say(
      error instanceof Error ? error.message : String(error),
      { error: error instanceof Error ? error.stack : undefined },
      "warn",
    );
    process.exit(1);
  },
);
