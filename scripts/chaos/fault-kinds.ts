import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import type { Direction, LinkFault } from "./fault-proxy.ts";
import { chaosVanSettings } from "./plant-malls.ts";
import type { LinkName, Platform, ProcessName, VanCode } from "./start-platform.ts";

/** Brings back what a fault took away; the fault is over when it has returned. */
type Undo = () => Promise<void> | void;

/** A kind of fault: a row of the matrix of reliability §2 that real processes can meet. */
export type FaultKind = Readonly<{
  name: string;
  /** The row of the matrix. */
  row: number;
  /** What happens, in words for `--list`. */
  says: string;
  /** What it may hit; one is chosen. */
  targets: readonly string[];
  /** How long it lasts, in seconds; `long` grows with the length of the run. None: it is over at once. */
  lasts?: readonly [leastS: number, mostS: number] | "long" | "past_lease";
  /** What nothing else may disturb meanwhile, so that a fault meets what it is meant to meet. */
  occupies: (on: string) => readonly string[];
  /** Why it cannot be done here, if so. */
  impossible?: (platform: Platform) => string | undefined;
  inject: (platform: Platform, on: string) => Promise<Undo | undefined> | Undo | undefined;
}>;

/** The statements that open something and those that settle it; all that lies between them is at the VAN. */
const openings = ["payment-open", "payment-open-cancel"];
const outcomes = ["payment-move", "payment-cancel-unknown"];
/** What a worker commits: its claim, the end of its message, the outcome of its work. */
const workerCommits = ["outbox-claim", "COMMIT", "payment-move"];

const kill = (name: string, row: number, victim: ProcessName, says: string): FaultKind => ({
  name,
  row,
  says,
  targets: [victim],
  occupies: () => [victim],
  inject: (platform) => {
    if (!platform.signal(victim, "SIGKILL")) throw new Error(`${victim} was not running`);
    return undefined;
  },
});

const pause = (
  name: string,
  row: number,
  victim: ProcessName,
  lasts: NonNullable<FaultKind["lasts"]>,
  says: string,
): FaultKind => ({
  name,
  row,
  says,
  targets: [victim],
  lasts,
  occupies: () => [victim],
  inject: (platform) => {
    if (!platform.signal(victim, "SIGSTOP")) throw new Error(`${victim} was not running`);
    return () => void platform.signal(victim, "SIGCONT");
  },
});

const link = (
  name: string,
  row: number,
  targets: readonly LinkName[],
  lasts: NonNullable<FaultKind["lasts"]>,
  says: string,
  fault: LinkFault,
): FaultKind => ({
  name,
  row,
  says,
  targets,
  lasts,
  occupies: (on) => [`link ${on}`],
  inject: (platform, on) => {
    const disturbed = platform.links[on as LinkName];
    disturbed.inject(fault);
    return () => disturbed.heal();
  },
});

const cut = (name: string, on: LinkName, statements: readonly string[], executed: boolean): FaultKind =>
  link(
    name,
    11,
    [on],
    [4, 6],
    `connections of ${on.split("-")[0]} to PostgreSQL are reset at ${statements.join(", ")}, ${executed ? "after it is committed and before the answer" : "before it arrives"}`,
    { kind: "cut_statement", statements, executed, timesMax: 8 },
  );

const vanMood = (
  name: string,
  row: number,
  lasts: NonNullable<FaultKind["lasts"]>,
  says: string,
  moods: readonly string[],
  probability: number,
): FaultKind => ({
  name,
  row,
  says,
  targets: ["SBX1", "SBX2"],
  lasts,
  occupies: (on) => [`van ${on}`, `link ${on}`],
  inject: async (platform, on) => {
    const code = on as VanCode;
    // One mood after the other, so that a fault of several seconds shows each.
    const lift = await sulk(platform, code, moods[0] ?? "", probability);
    let turn = 0;
    const timer = setInterval(() => {
      turn++;
      sulk(platform, code, moods[turn % moods.length] ?? "", probability).catch(() => undefined);
    }, 1_500);
    return async () => {
      clearInterval(timer);
      await lift();
    };
  },
});

/** Asks a VAN to behave in this way from now on; answers how to end it. */
async function sulk(
  platform: Platform,
  code: VanCode,
  mode: string,
  probability: number,
): Promise<() => Promise<void>> {
  const url = `${platform.controlUrls[code]}/faults`;
  await control(url, { method: "PUT", body: JSON.stringify({ mode, probability }) });
  return () => control(url, { method: "DELETE" });
}

/** Calls the control port of a VAN, which may be starting again at the moment. */
async function control(url: string, init: RequestInit): Promise<void> {
  for (let tried = 0; ; tried++) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      return;
    } catch (error) {
      if (tried >= 20) throw error;
      await sleep(250);
    }
  }
}

async function asAdmin<T>(platform: Platform, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: platform.adminUrl, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    // A server that has just died cannot say goodbye.
    await client.end().catch(() => undefined);
  }
}

async function onRedis(platform: Platform, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(platform.redisUrl, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

const toServer: Direction = "to_server";
const toClient: Direction = "to_client";

/** Every kind of fault that a run deals out, in the order of the matrix. */
export const faultKinds: readonly FaultKind[] = [
  kill("kill-web", 1, "web", "kill -9 of the web process"),
  kill("kill-worker", 2, "worker", "kill -9 of the worker"),
  pause("pause-web", 3, "web", [1, 8], "the web process is stopped (SIGSTOP) and goes on later"),
  pause(
    "pause-web-past-lease",
    3,
    "web",
    "past_lease",
    `the web process is stopped for longer than the lease of ${chaosVanSettings.leaseMs / 1_000} s`,
  ),
  pause("pause-worker", 4, "worker", "long", "the worker is stopped and goes on later"),
  {
    name: "restart-web",
    row: 5,
    says: "SIGTERM to the web process, as a deployment does",
    targets: ["web"],
    occupies: () => ["web"],
    inject: async (platform) => {
      await platform.restart("web");
      return undefined;
    },
  },
  {
    name: "restart-worker",
    row: 5,
    says: "SIGTERM to the worker, as a deployment does",
    targets: ["worker"],
    occupies: () => ["worker"],
    inject: async (platform) => {
      await platform.restart("worker");
      return undefined;
    },
  },
  kill("kill-postgres", 9, "postgres", "kill -9 of PostgreSQL"),
  {
    name: "kill-backend",
    row: 10,
    says: "kill -9 of one of PostgreSQL's server processes: all of them begin anew",
    targets: ["postgres"],
    occupies: () => ["postgres"],
    inject: async (platform) => {
      const pids = await asAdmin(platform, async (client) => {
        const { rows } = await client.query<{ pid: number }>(
          "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'paydeck%' AND backend_type = 'client backend'",
        );
        return rows.map(({ pid }) => pid);
      });
      const pid = pids[Math.floor(pids.length / 2)];
      if (pid === undefined) throw new Error("nobody was connected");
      process.kill(pid, "SIGKILL");
      return undefined;
    },
  },
  {
    name: "terminate-backends",
    row: 10,
    says: "pg_terminate_backend of every connection of the platform",
    targets: ["postgres"],
    occupies: () => ["postgres"],
    inject: async (platform) => {
      await asAdmin(platform, (client) =>
        client.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'paydeck' AND pid <> pg_backend_pid()",
        ),
      );
      return undefined;
    },
  },
  cut("cut-opening-before", "web-database", openings, false),
  cut("cut-opening-after", "web-database", openings, true),
  cut("cut-outcome-before", "web-database", outcomes, false),
  cut("cut-outcome-after", "web-database", outcomes, true),
  cut("cut-worker-before", "worker-database", workerCommits, false),
  cut("cut-worker-after", "worker-database", workerCommits, true),
  link(
    "slow-database",
    12,
    ["web-database", "worker-database"],
    [4, 10],
    "each message to and from PostgreSQL takes 0.4 s longer",
    {
      kind: "latency",
      delayMs: 400,
    },
  ),
  link(
    "narrow-database",
    12,
    ["web-database", "worker-database"],
    [4, 8],
    "the link to PostgreSQL carries 16 KB/s a connection",
    {
      kind: "throttle",
      bytesPerSecond: 16_000,
    },
  ),
  link(
    "frozen-database",
    12,
    ["web-database", "worker-database"],
    [3, 9],
    "the link to PostgreSQL holds everything back",
    {
      kind: "freeze",
    },
  ),
  {
    name: "locked-table",
    row: 13,
    says: "somebody holds an exclusive lock on the payments",
    targets: ["postgres"],
    lasts: [3, 8],
    occupies: () => ["postgres"],
    inject: async (platform) => {
      const client = new pg.Client({ connectionString: platform.databaseUrl });
      client.on("error", () => undefined);
      await client.connect();
      await client.query("BEGIN");
      await client.query("LOCK TABLE payment IN ACCESS EXCLUSIVE MODE");
      return () => client.end().catch(() => undefined);
    },
  },
  {
    name: "full-disk-database",
    row: 15,
    says: "PostgreSQL's disk is full: it cannot write its log",
    targets: ["postgres"],
    lasts: [3, 8],
    occupies: () => ["postgres"],
    impossible: ({ disks }) => ("whyNot" in disks.postgres ? disks.postgres.whyNot : undefined),
    inject: async (platform) => {
      const disk = platform.disks.postgres;
      if ("whyNot" in disk) throw new Error(disk.whyNot);
      await disk.fill();
      // Segments kept for reuse would hide that the disk is full.
      await asAdmin(platform, async (client) => {
        for (let segment = 0; segment < 20; segment++) {
          await client.query("SELECT pg_logical_emit_message(false, 'chaos', 'x'), pg_switch_wal()");
        }
      }).catch(() => undefined);
      return () => disk.free();
    },
  },
  {
    name: "full-disk-logs",
    row: 16,
    says: "the disk of the log files is full",
    targets: ["logs"],
    lasts: [4, 10],
    occupies: () => ["logs"],
    impossible: ({ disks }) => ("whyNot" in disks.logs ? disks.logs.whyNot : undefined),
    inject: async (platform) => {
      const disk = platform.disks.logs;
      if ("whyNot" in disk) throw new Error(disk.whyNot);
      await disk.fill();
      return () => disk.free();
    },
  },
  kill("kill-redis", 21, "redis", "kill -9 of Redis"),
  {
    name: "flush-redis",
    row: 22,
    says: "FLUSHALL every second",
    targets: ["redis"],
    lasts: [1, 8],
    occupies: () => ["redis"],
    inject: async (platform) => {
      const flush = () => onRedis(platform, (redis) => redis.flushall());
      await flush();
      const timer = setInterval(() => flush().catch(() => undefined), 1_000);
      return () => clearInterval(timer);
    },
  },
  pause("pause-redis", 23, "redis", "long", "Redis is stopped and goes on later"),
  {
    name: "full-redis",
    row: 24,
    says: "Redis has no memory left and refuses writes",
    targets: ["redis"],
    lasts: [3, 10],
    occupies: () => ["redis"],
    inject: async (platform) => {
      await onRedis(platform, (redis) => redis.config("SET", "maxmemory", "1mb"));
      return () => onRedis(platform, (redis) => redis.config("SET", "maxmemory", "0"));
    },
  },
  link("van-refused", 26, ["SBX1", "SBX2"], "long", "the VAN's port is closed", { kind: "refuse" }),
  {
    name: "vans-down",
    row: 34,
    says: "both VANs are down",
    targets: ["SBX1 and SBX2"],
    lasts: "long",
    occupies: () => ["link SBX1", "link SBX2", "van SBX1", "van SBX2"],
    inject: (platform) => {
      const both = [platform.links.SBX1, platform.links.SBX2];
      for (const one of both) one.inject({ kind: "refuse" });
      return async () => {
        await Promise.all(both.map((one) => one.heal()));
      };
    },
  },
  {
    name: "kill-van",
    row: 34,
    says: "kill -9 of a VAN",
    targets: ["SBX1", "SBX2"],
    occupies: (on) => [`van ${on}`, `link ${on}`],
    inject: (platform, on) => {
      const victim = on === "SBX1" ? "van-sbx1" : "van-sbx2";
      if (!platform.signal(victim, "SIGKILL")) throw new Error(`${victim} was not running`);
      return undefined;
    },
  },
  link("van-request-lost", 27, ["SBX1", "SBX2"], [2, 5], "what is sent to the VAN is lost on the way", {
    kind: "drop",
    direction: toServer,
  }),
  link("van-reply-lost", 28, ["SBX1", "SBX2"], [2, 5], "the VAN does it and its answer is lost on the way", {
    kind: "drop",
    direction: toClient,
  }),
  vanMood(
    "van-silent",
    28,
    [3, 7],
    "the VAN loses every other message, before or after doing it",
    ["TIMEOUT_APPROVED", "TIMEOUT"],
    0.5,
  ),
  vanMood(
    "van-late",
    29,
    [3, 7],
    "approvals are booked long after the platform gave up",
    ["LATE_APPROVAL_6000", "LATE_APPROVAL_16000"],
    0.4,
  ),
  link(
    "van-reset",
    30,
    ["SBX1", "SBX2"],
    [3, 6],
    "connections to the VAN are reset in the middle of the answer",
    {
      kind: "reset",
      direction: toClient,
      afterBytes: 40,
    },
  ),
  link("van-drip", 31, ["SBX1", "SBX2"], [3, 7], "the VAN's link carries 60 bytes a second", {
    kind: "throttle",
    bytesPerSecond: 60,
  }),
  link(
    "van-frozen",
    31,
    ["SBX1", "SBX2"],
    [3, 7],
    "the VAN's link holds everything back and delivers it late",
    { kind: "freeze" },
  ),
  vanMood(
    "van-garbled",
    32,
    [3, 7],
    "the VAN's answers cannot be read, are half, name another amount or a code that nobody knows",
    ["GARBLED", "HALF_REPLY", "WRONG_AMOUNT", "UNKNOWN_CODE"],
    0.5,
  ),
  {
    name: "van-duplicates",
    row: 33,
    says: "SBX2 sends every other answer twice",
    targets: ["SBX2"],
    lasts: [3, 8],
    occupies: () => ["van SBX2", "link SBX2"],
    inject: async (platform) => {
      const url = `${platform.controlUrls.SBX2}/settings`;
      const set = (duplicateReplyProbability: number) =>
        control(url, { method: "PUT", body: JSON.stringify({ duplicateReplyProbability }) });
      await set(0.5);
      return () => set(0);
    },
  },
  {
    name: "kill-everything",
    row: 44,
    says: "kill -9 of web, worker, PostgreSQL and Redis at once, as a power cut does",
    targets: ["the machine"],
    occupies: () => ["web", "worker", "postgres", "redis"],
    inject: (platform) => {
      for (const victim of ["postgres", "web", "worker", "redis"] as const)
        platform.signal(victim, "SIGKILL");
      return undefined;
    },
  },
];
