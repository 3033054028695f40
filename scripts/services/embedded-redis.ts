import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import { findOnPath, runCommand } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { commandLineOf, stopLeftover } from "#scripts/supervisor/leftover.ts";
import type { ProcessSpec } from "#scripts/supervisor/supervised-process.ts";

const debianPackages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

export type EmbeddedRedisOptions = Readonly<{
  dataDir: string;
  port: number;
  password: string;
  logPath: string;
  /** Where an unpacked server may be kept, when the machine has none. */
  toolsDir: string;
  onProgress?: (text: string) => void;
}>;

export type EmbeddedRedis = Readonly<{ spec: ProcessSpec; url: string }>;

type RedisProgram = Readonly<{ path: string; libraryPath?: string }>;

/**
 * Finds (or fetches from the distribution) a Redis server and describes how to run it: loopback
 * only, with a password, an append-only file synced every second, and no eviction, because locks
 * and queued jobs may not vanish under memory pressure.
 */
export async function embeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const program = await findRedis(options.toolsDir, options.onProgress ?? (() => undefined));
  const directory = join(options.dataDir, "redis");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pidFile = join(directory, "redis.pid");
  const configPath = join(directory, "redis.conf");
  // In a file rather than on the command line: every user may read a command line.
  writeFileAtomic(configPath, renderConfig(options, directory, pidFile));

  const dieWithParent =
    process.platform === "linux" && findOnPath("setpriv") !== undefined
      ? ["setpriv", "--pdeathsig", "TERM", "--"]
      : [];
  const [command = program.path, ...args] = [...dieWithParent, program.path, configPath];
  const url = `redis://:${options.password}@127.0.0.1:${options.port}/0`;
  return {
    url,
    spec: {
      name: "redis",
      command,
      args,
      env: {
        PATH: process.env.PATH,
        LC_ALL: "C",
        ...(program.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: program.libraryPath }),
      },
      stopSignal: "SIGTERM",
      graceMs: 15_000,
      logPath: options.logPath,
      prepare: () => stopLeftoverRedis(options.dataDir),
      isReady: () => answers(url),
    },
  };
}

/** Stops the server of this data directory if it outlived a killed supervisor. */
export async function stopLeftoverRedis(dataDir: string): Promise<void> {
  const directory = join(dataDir, "redis");
  const pidFile = join(directory, "redis.pid");
  if (!existsSync(pidFile)) return;
  await stopLeftover(Number(readFileSync(pidFile, "utf8")), "SIGTERM", async (pid) => {
    // Redis renames itself "redis-server 127.0.0.1:<port>", so its directory is what identifies it.
    if (existsSync("/proc/self/cwd")) return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
    return /(redis|valkey)-server 127\.0\.0\.1:/.test(await commandLineOf(pid));
  });
}

function renderConfig(options: EmbeddedRedisOptions, directory: string, pidFile: string): string {
  const lines: ReadonlyArray<readonly [name: string, value: string]> = [
    ["bind", "127.0.0.1"],
    ["protected-mode", "yes"],
    ["port", String(options.port)],
    ["requirepass", options.password],
    ["dir", quote(directory)],
    ["pidfile", quote(pidFile)],
    ["daemonize", "no"],
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    ["save", '""'],
    ["maxmemory-policy", "noeviction"],
    ["databases", "16"],
  ];
  return lines.map(([name, value]) => `${name} ${value}\n`).join("");
}

function quote(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    // While it loads its append-only file Redis accepts connections and answers LOADING.
    return (await client.ping()) === "PONG";
  } catch {
    // Not yet listening: the caller asks again.
    return false;
  } finally {
    client.disconnect();
  }
}

async function findRedis(toolsDir: string, onProgress: (text: string) => void): Promise<RedisProgram> {
  const onPath = findOnPath("redis-server") ?? findOnPath("valkey-server");
  if (onPath !== undefined && (await works({ path: onPath }))) return { path: onPath };

  const unpacked = unpackedProgram(toolsDir);
  if (unpacked !== undefined && (await works(unpacked))) return unpacked;

  if (process.platform === "linux" && findOnPath("apt-get") !== undefined) {
    onProgress("no Redis on this machine, fetching the distribution's package");
    const fetched = await unpackFromDebian(toolsDir);
    if (fetched !== undefined && (await works(fetched))) return fetched;
    if (process.getuid?.() === 0) {
      onProgress("installing redis-server");
      await runCommand("apt-get", ["install", "-y", "--no-install-recommends", "redis-server"], {
        // Only the program is wanted: a service of the same name would take port 6379.
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
      });
      const installed = findOnPath("redis-server");
      if (installed !== undefined && (await works({ path: installed }))) return { path: installed };
    }
  }
  const hint = process.platform === "darwin" ? "brew install redis" : "sudo apt-get install -y redis-server";
  throw new SetupError(`No Redis server found: run "${hint}", or set REDIS_URL to a Redis 6.2 or newer.`);
}

async function works({ path, libraryPath }: RedisProgram): Promise<boolean> {
  const env = libraryPath === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath };
  return (await runCommand(path, ["--version"], { env })).code === 0;
}

function unpackedProgram(toolsDir: string): RedisProgram | undefined {
  const root = join(toolsDir, "redis");
  const path = join(root, "usr/bin/redis-server");
  if (!existsSync(path)) return undefined;
  const libraries = join(root, "usr/lib");
  const triplet = readdirSync(libraries).find((name) => name.endsWith("-linux-gnu"));
  return triplet === undefined ? { path } : { path, libraryPath: join(libraries, triplet) };
}

/** Downloads and unpacks the distribution's packages below `toolsDir`; needs no rights on the machine. */
async function unpackFromDebian(toolsDir: string): Promise<RedisProgram | undefined> {
  mkdirSync(toolsDir, { recursive: true });
  const scratch = mkdtempSync(join(toolsDir, "fetch-"));
  try {
    const unpacked = join(scratch, "root");
    for (const directory of ["root", "lists/partial", "cache/archives/partial"]) {
      mkdirSync(join(scratch, directory), { recursive: true });
    }
    const asAnyUser = ["-o", "APT::Sandbox::User="];
    const ownLists = [
      ...asAnyUser,
      ...["-o", `Dir::State::lists=${join(scratch, "lists")}`, "-o", `Dir::Cache=${join(scratch, "cache")}`],
    ];
    // The machine's own package lists first; an image without lists, or with stale ones, needs fresh ones.
    const download = (options: readonly string[]) =>
      runCommand("apt-get", [...options, "download", ...debianPackages], { cwd: scratch });
    if ((await download(asAnyUser)).code !== 0) {
      await runCommand("apt-get", [...ownLists, "update"], { timeoutMs: 120_000 });
      if ((await download(ownLists)).code !== 0) return undefined;
    }
    for (const file of readdirSync(scratch).filter((name) => name.endsWith(".deb"))) {
      await runCommand("dpkg", ["-x", join(scratch, file), unpacked]);
    }
    // In one step, so that a start beside this one never meets half of it.
    if (unpackedProgram(toolsDir) === undefined) renameSync(unpacked, join(toolsDir, "redis"));
    return unpackedProgram(toolsDir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
