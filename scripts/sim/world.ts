import { createRandom, type Random } from "#prisma/seed/random.ts";
import { chanceOf } from "#scripts/sim/chance.ts";
import { brokenConnection, Scheduler } from "#scripts/sim/scheduler.ts";
import { openSimDatabase, type SimDatabase } from "#scripts/sim/sim-database.ts";
import { SimProcess } from "#scripts/sim/sim-process.ts";
import { receiverUrlOf, SimReceiver } from "#scripts/sim/sim-receiver.ts";
import { SimRedis } from "#scripts/sim/sim-redis.ts";
import { SimVan } from "#scripts/sim/sim-van.ts";
import { type Reply, refusalReply } from "#server/core/envelope.ts";
import { makeIds } from "#server/core/ids.ts";
import { Refusal, type RefusalCode } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import {
  type Db,
  isDatabaseUnavailable,
  type Sql,
  type SqlPool,
  type Statement,
} from "#server/platform/db.ts";
import { readEnv } from "#server/platform/env.ts";
import { deriveKeys } from "#server/platform/keys.ts";
import { openLog } from "#server/platform/log.ts";
import { readAllVanSettings, type VanSettings } from "#server/van/van-queries.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { newWebhookSecret } from "#server/webhooks/sign-webhook.ts";
import { setSender } from "#server/webhooks/webhook-sender.ts";

/** What was agreed with the two VANs, as with a real acquirer. Milliseconds. */
const vanTerms = {
  connect_timeout_ms: 3_000,
  approve_timeout_ms: 20_000,
  cancel_timeout_ms: 20_000,
  net_cancel_timeout_ms: 5_000,
  inquiry_timeout_ms: 5_000,
  lease_ms: 45_000,
  net_cancel_delays_ms: [5_000, 15_000, 60_000, 180_000, 600_000],
  net_cancel_deadline_ms: 3_600_000,
  cancel_delays_ms: [5_000, 15_000, 60_000, 180_000, 600_000],
  inquiry_delays_ms: [60_000, 600_000],
  processing_window_ms: 120_000,
} as const;

/** One mall of so many has no receiver. */
const quietEvery = 5;
/** SBX1 remembers a net cancel of what it never saw, SBX2 does not (D4). */
export type VanCode = "SBX1" | "SBX2";

/** What a mall heard of one request. `reset`: the connection went; `silence`: the mall stopped waiting. */
export type Seen =
  | Readonly<{ kind: "reply"; status: number; code: string; body: string; data: SeenData }>
  | Readonly<{ kind: "reset" | "silence" }>;
export type SeenData = Readonly<{
  paymentKey?: string;
  status?: string;
  cancelKey?: string;
  [fact: string]: unknown;
}>;

export type Told = Readonly<{
  verb: "approve" | "cancel" | "net_cancel";
  mallId: string;
  orderId: string;
  path: string;
  key: string | null;
  seen: Seen;
  atMs: number;
}>;

const mallPatienceMs = 60_000;
const settingsStatement = "van-settings";

type WorldOptions = Readonly<{ malls: number; keepsHistory: boolean }>;

/** One simulated platform with its surroundings: a database, two VANs, a Redis, malls' receivers, any number of processes. */
export class World {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly seed: number;
  readonly mallIds: readonly string[];
  readonly database: SimDatabase;
  readonly redis: SimRedis;
  readonly vans: ReadonlyMap<VanCode, SimVan>;
  readonly receiver: SimReceiver;
  readonly told: Told[] = [];
  /** Errors that no fault explains: each is a violation. */
  readonly troubles: string[] = [];
  readonly history: string[] = [];
  readonly #keys = deriveKeys("a secret that only simulations know, of forty bytes");
  readonly #settings: Map<string, unknown[]> = new Map();
  readonly #log = openLog("sim", "silent");

  private constructor(seed: number, database: SimDatabase, options: WorldOptions) {
    this.seed = seed;
    this.mallIds = Array.from(
      { length: options.malls },
      (_, index) => `mall_${String(index + 1).padStart(3, "0")}`,
    );
    this.database = database;
    this.random = chanceOf(seed, "world");
    this.scheduler = new Scheduler(chanceOf(seed, "schedule"));
    if (options.keepsHistory) this.scheduler.onLine = (line) => this.history.push(line);
    this.redis = new SimRedis(this.scheduler);
    const liveOfOrder = new Map<string, Set<string>>();
    const vanOf = (code: VanCode, unknownOriginal: "tombstone" | "notfound") =>
      new SimVan(code, unknownOriginal, {
        scheduler: this.scheduler,
        random: chanceOf(seed, code),
        liveOfOrder,
      });
    this.vans = new Map([
      ["SBX1", vanOf("SBX1", "tombstone")],
      ["SBX2", vanOf("SBX2", "notfound")],
    ]);
    const receiverChance = chanceOf(seed, "receiver");
    this.receiver = new SimReceiver(this.scheduler, () => receiverChance.int(1, 20) * 20);
  }

  /** Opens a world at the beginning of time: malls, routes, receivers, and nothing else. */
  static async open(templateUrl: string, seed: number, options: WorldOptions): Promise<World> {
    const database = await openSimDatabase(templateUrl);
    const world = new World(seed, database, options);
    await database.setTime(world.scheduler.nowMs);
    await world.#layGround();
    return world;
  }

  async #layGround(): Promise<void> {
    const { rows, sql } = this.database;
    const columns = Object.keys(vanTerms);
    for (const code of this.vans.keys()) {
      await rows(
        `INSERT INTO van (code, name, protocol, is_sandbox, ${columns.join(", ")})
         VALUES ($1, $1, 'HTTP_JSON', true, ${columns.map((_, index) => `$${index + 2}`).join(", ")})`,
        [code, ...Object.values(vanTerms)],
      );
    }
    await rows(
      "INSERT INTO mall (id, name, business_number) SELECT m, m, '120-81-00001' FROM unnest($1::text[]) AS m",
      [this.mallIds],
    );
    await rows(
      "INSERT INTO mall_van_route (mall_id, van_code, weight) SELECT m, v.code, 50 FROM unnest($1::text[]) AS m, van v",
      [this.mallIds],
    );
    const ids = makeIds(() => this.scheduler.nowMs, chanceOf(this.seed, "endpoints").next);
    const endpoints = this.mallIds
      .filter((_, index) => index % quietEvery !== quietEvery - 1)
      .map((mallId) => {
        const id = ids.newId("webhookEndpoint");
        const url = receiverUrlOf(mallId);
        const secret = newWebhookSecret();
        this.receiver.trust(url, secret);
        return { id, mallId, url, sealed: this.#keys.seal(secret, placeOfSecret(id)) };
      });
    await rows(
      `INSERT INTO webhook_endpoint (id, mall_id, url, types, secret_sealed)
       SELECT e.id, e.mall, e.url, '{}', e.sealed FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS e (id, mall, url, sealed)`,
      [
        endpoints.map((endpoint) => endpoint.id),
        endpoints.map((endpoint) => endpoint.mallId),
        endpoints.map((endpoint) => endpoint.url),
        endpoints.map((endpoint) => endpoint.sealed),
      ],
    );
    // What was agreed with the VANs does not change in a world; the real clock that caches it must not show.
    const recording: Sql = {
      run: async <Row>(statement: Statement, values: readonly unknown[]) => {
        const answer = await sql.run<Row>(statement, values);
        this.#settings.set(statement.name, answer);
        return answer;
      },
    };
    await readAllVanSettings(recording);
    if (!this.#settings.has(settingsStatement)) throw new Error(`no statement is named ${settingsStatement}`);
  }

  /** What was agreed with a VAN. */
  termsOf(code: string): VanSettings {
    const found = (this.#settings.get(settingsStatement) as VanSettings[]).find(
      (settings) => settings.code === code,
    );
    if (!found) throw new Error(`no VAN ${code}`);
    return found;
  }

  #env() {
    return readEnv({
      DATABASE_URL: "postgres://simulated/",
      REDIS_URL: "redis://simulated/",
      PAYDECK_SECRET: "a secret that only simulations know, of forty bytes",
      NEXTAUTH_SECRET: "a secret that only simulations know, of forty bytes",
      PAYDECK_METRICS_TOKEN: "only simulations know",
      WEBHOOK_ALLOW_HOSTS: "127.0.0.1",
    });
  }

  /** Starts a process. Whatever a module remembers by its context begins anew. */
  spawn(name: string): Running {
    const process = new SimProcess(this.scheduler, name, chanceOf(this.seed, `process ${name}`));
    const env = this.#env();
    setSender({ env }, this.receiver.senderOf(process));
    const sql = this.#poolOf(process);
    const { scheduler } = this;
    const context: Context = {
      env,
      sql,
      reports: sql,
      // Nothing that is simulated imports files.
      batches: { ...sql, load: () => Promise.reject(new Error("the simulation has no COPY")) },
      db: this.#prismaOf(process),
      redis: this.redis.courtesyOf(process),
      vans: new Map([...this.vans].map(([code, van]) => [code as string, van.gatewayOf(process)])),
      keys: this.#keys,
      log: this.#log,
      now: () => new Date(scheduler.nowMs),
      monotonicMs: () => scheduler.nowMs,
      sleep: (ms) => process.sleep(ms),
      random: () => process.random.next(),
      ids: makeIds(() => scheduler.nowMs, createRandom(process.random.int(0, 2 ** 31)).next),
    };
    return { process, ctx: context };
  }

  #poolOf(process: SimProcess): SqlPool {
    const { database, scheduler } = this;
    return {
      run: <Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> => {
        const settings = this.#settings.get(statement.name);
        if (settings) return Promise.resolve(settings as Row[]);
        return process.effect("sql", `${statement.name}${subjectOf(values)}`, async () => {
          await database.setTime(scheduler.nowMs);
          return database.sql.run<Row>(statement, values);
        });
      },
      transaction: (work) =>
        process.effect("tx", "transaction", async () => {
          await database.setTime(scheduler.nowMs);
          return database.sql.transaction((sql) =>
            work({
              run: async <Row>(statement: Statement, values: readonly unknown[]) => {
                scheduler.note(`· in the transaction: ${statement.name}${subjectOf(values)}`);
                return sql.run<Row>(statement, values);
              },
            }),
          );
        }),
      close: async () => undefined,
    };
  }

  /** The few ways in which use cases ask Prisma; anything else is not simulated and says so. */
  #prismaOf(process: SimProcess): Db {
    const { database, scheduler } = this;
    return new Proxy({} as Db, {
      get: (_, name) => {
        if (name !== "$queryRaw") throw new Error(`Prisma's ${String(name)} is not simulated`);
        return (query: TemplateStringsArray, ...values: unknown[]) =>
          process.effect("db", "prisma query", async () => {
            await database.setPrismaTime(scheduler.nowMs);
            return database.prisma().$queryRaw(query, ...values);
          });
      },
    });
  }

  /**
   * A mall's (or operator's) request to a process, answered the way the API's routes answer. Records what was seen; an
   * error that no fault explains is trouble.
   */
  async request(
    { process, ctx }: Running,
    about: Pick<Told, "verb" | "mallId" | "orderId" | "path" | "key">,
    work: (ctx: Context, traceId: string) => Promise<Reply>,
  ): Promise<Seen> {
    const { scheduler } = this;
    const traceId = process.random.digits(32);
    scheduler.note(
      `▸ ${about.mallId} asks ${process.name} to ${about.verb} ${about.orderId} with key ${about.key}`,
    );
    const answered = (async (): Promise<Seen> => {
      if (process.isDead) return { kind: "reset" };
      return seenOf(await this.#answer(process, () => work(ctx, traceId), traceId));
    })();
    const seen = await Promise.race([
      answered,
      process.died.then((): Seen => ({ kind: "reset" })),
      scheduler.until(scheduler.nowMs + mallPatienceMs).then((): Seen => ({ kind: "silence" })),
    ]);
    const words = seen.kind === "reply" ? `${seen.status} ${seen.code}` : seen.kind;
    scheduler.note(
      `◂ ${about.mallId} hears of ${about.verb} ${about.orderId} with key ${about.key}: ${words}`,
    );
    this.told.push({ ...about, seen, atMs: scheduler.nowMs });
    return seen;
  }

  async #answer(process: SimProcess, work: () => Promise<Reply>, traceId: string): Promise<Reply> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal)
        return refusalReply(error.code, error.facts, "ko", traceId, error.retryAfterSeconds);
      if (isDatabaseUnavailable(error))
        return refusalReply("IDEMPOTENCY_STORE_UNAVAILABLE", {}, "ko", traceId, 2);
      this.trouble(process, error);
      return refusalReply("INTERNAL_ERROR", {}, "ko", traceId);
    }
  }

  /** Notes an error; one of a connection that a fault cut is expected. */
  trouble(process: SimProcess, error: unknown): void {
    if (isDatabaseUnavailable(error) && (error as Error).message === brokenConnection().message) return;
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.scheduler.note(`! ${process.name}: ${error instanceof Error ? error.message : String(error)}`);
    this.troubles.push(`${process.name}: ${words}`);
  }

  /** Runs to rest. A world that finds none is in trouble. */
  async run(effectsMax: number): Promise<void> {
    try {
      await this.scheduler.run(effectsMax);
    } catch (error) {
      this.troubles.push(error instanceof Error ? error.message : String(error));
    }
  }

  /** Rows of a query that no process asks: what an onlooker sees. */
  peek<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
    const { promise, resolve } = Promise.withResolvers<Row[]>();
    this.scheduler.at(this.scheduler.nowMs, "", async () =>
      resolve(await this.database.rows<Row>(text, values)),
    );
    return promise;
  }

  keyHash(text: string): Buffer {
    return this.#keys.fingerprintRequest(text);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

export type Running = Readonly<{ process: SimProcess; ctx: Context }>;

function seenOf(reply: Reply): Seen {
  const { code, data } = JSON.parse(reply.body) as { code: RefusalCode | "SUCCESS"; data: SeenData };
  return { kind: "reply", status: reply.status, code, body: reply.body, data };
}

/** What a statement is about, for the history: the first value that looks like an id. */
function subjectOf(values: readonly unknown[]): string {
  for (const value of values) {
    if (typeof value === "string" && /^(pay|cxl|dl|whd|whe)_|^[SC]-/.test(value)) return ` ${value}`;
    if (typeof value === "bigint") return ` ${value}`;
    if (Array.isArray(value) && typeof value[0] === "string" && /^(pay|dl|whd)_/.test(value[0]))
      return ` ${value[0]}`;
  }
  return "";
}
