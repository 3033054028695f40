import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { loadSecrets } from "#scripts/services/local-state.ts";

const dataDir = mkdtempSync(join(tmpdir(), "paydeck-services-"));
const listener = { onNotice: () => undefined };
let services: LocalServices;

beforeAll(async () => {
  services = await startLocalServices({ dataDir, listener });
});
afterAll(async () => {
  await services.stop();
  rmSync(dataDir, { recursive: true });
});

async function query(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: services.databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

async function withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(services.redisUrl, { retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

function kill(name: string): void {
  const pid = services.processes.find(({ spec }) => spec.name === name)?.pid;
  if (pid === undefined) throw new Error(`${name} is not running`);
  process.kill(pid, "SIGKILL");
}

test("an acknowledged commit survives kill -9 of the database", async () => {
  await query("create table receipt (id int primary key)");
  await query("insert into receipt values (7)");
  kill("postgres");
  await sleep(20);
  expect((await eventually(() => query("select id from receipt"))).rows).toEqual([{ id: 7 }]);
});

test("the database keeps what it acknowledged on the disk, and speaks UTF-8 and UTC", async () => {
  const setting = async (name: string) => (await query(`show ${name}`)).rows[0][name];
  expect(await setting("fsync")).toBe("on");
  expect(await setting("synchronous_commit")).toBe("on");
  expect(await setting("server_encoding")).toBe("UTF8");
  expect((await query("select current_setting($$TimeZone$$) as zone")).rows).toEqual([{ zone: "UTC" }]);
});

test("the platform's role is no superuser", async () => {
  expect((await query("select rolsuper from pg_roles where rolname = current_user")).rows).toEqual([
    { rolsuper: false },
  ]);
});

test("Redis comes back from kill -9 with what it had a second before, and never evicts", async () => {
  await withRedis((redis) => redis.set("receipt", "7"));
  await sleep(1_200);
  kill("redis");
  await sleep(20);
  await eventually(() => withRedis(async (redis) => expect(await redis.get("receipt")).toBe("7")));
  await withRedis(async (redis) => {
    expect(await redis.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
  });
});

test("neither server lets a stranger in", async () => {
  const { port } = new URL(services.redisUrl);
  const stranger = new Redis({ port: Number(port), retryStrategy: () => null, enableReadyCheck: false });
  stranger.on("error", () => undefined);
  await expect(stranger.get("receipt")).rejects.toThrow(/NOAUTH/);
  stranger.disconnect();
  const url = new URL(services.databaseUrl);
  url.password = "guessed";
  await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toThrow(
    /authentication failed/,
  );
});

test("generated secrets are readable by their owner only, and stay the same", () => {
  const path = join(dataDir, "secrets.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const before = readFileSync(path, "utf8");
  loadSecrets(dataDir);
  expect(readFileSync(path, "utf8")).toBe(before);
});
