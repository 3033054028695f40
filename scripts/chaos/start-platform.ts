import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { startLocalServices } from "#scripts/services/local-services.ts";
import { loadSecrets } from "#scripts/services/local-state.ts";
import type { Environment } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { localUrl, vanSpecs, webSpec, workerSpec } from "#scripts/supervisor/children.ts";
import { isAlive, sendSignal } from "#scripts/supervisor/leftover.ts";
import { childEnvironment, type Settings } from "#scripts/supervisor/settings.ts";
import {
  type ProcessListener,
  type ProcessSpec,
  SupervisedProcess,
} from "#scripts/supervisor/supervised-process.ts";
import { settingNames } from "#server/platform/env.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { type PlantedMall, plantMalls } from "./plant-malls.ts";
import { findQuietPorts } from "./quiet-ports.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";
import { FrameMeter, RequestMeter } from "./van-meter.ts";

export const vanCodes = ["SBX1", "SBX2"] as const;
export type VanCode = (typeof vanCodes)[number];
export type ProcessName = "web" | "worker" | "postgres" | "redis" | "van-sbx1" | "van-sbx2";
/** The links that can be disturbed. */
export type LinkName = "web-database" | "worker-database" | VanCode;

export type Platform = Readonly<{
  dataDir: string;
  baseUrl: string;
  malls: readonly PlantedMall[];
  env: Environment;
  links: Readonly<Record<LinkName, FaultProxy>>;
  controlUrls: Readonly<Record<VanCode, string>>;
  redisUrl: string;
  /** Past the proxies, as the owner of the tables. */
  databaseUrl: string;
  /** Past the proxies, as PostgreSQL's superuser. */
  adminUrl: string;
  /** Small disks that can be filled; a reason instead where there is none. */
  disks: Readonly<Record<"postgres" | "logs", SmallDisk | Readonly<{ whyNot: string }>>>;
  /** Sends a signal to a process; false when it was not running at that moment. */
  signal(name: ProcessName, signal: NodeJS.Signals): boolean;
  /** Ends a process in order; it is started again at once. */
  restart(name: ProcessName): Promise<void>;
  /** Makes every link and process behave and waits until the disks have room. */
  heal(): Promise<void>;
  /** Ends everything and removes the data. */
  stop(options: { keepData: boolean }): Promise<void>;
}>;

const root = join(import.meta.dirname, "../..");
/** A VAN that takes its time has more under way when a fault comes. */
const vanLatencyMs = 150;
const postgresDiskMb = 1_536;
const logsDiskMb = 64;

/** Starts PostgreSQL, Redis, the sandbox VANs, web and worker as `npm start` does, with a disturbable link before each. */
export async function startPlatform(options: {
  /** Puts PostgreSQL on a small disk. */
  wantsPostgresDisk: boolean;
  wantsLogsDisk: boolean;
  listener: ProcessListener;
  /** Told how to clean up as soon as there is something to clean. */
  onBegun: (stop: Platform["stop"]) => void;
}): Promise<Platform> {
  // A developer's settings, with perhaps a real database, have no place here.
  for (const name of settingNames) delete process.env[name];
  const dataDir = mkdtempSync(join(tmpdir(), "paydeck-chaos-"));
  const running = new Map<ProcessName, SupervisedProcess>();
  const links = new Map<LinkName, FaultProxy>();
  const disks = { postgres: notWanted, logs: notWanted } as Record<
    "postgres" | "logs",
    Platform["disks"]["logs"]
  >;
  let isStopping = false;

  const signal: Platform["signal"] = (name, wanted) => {
    const pid = running.get(name)?.pid;
    return pid !== undefined && isAlive(pid) && sendSignal(pid, wanted);
  };
  const heal = async () => {
    await Promise.all([...links.values()].map((link) => link.heal()));
    for (const name of running.keys()) signal(name, "SIGCONT");
    for (const disk of Object.values(disks)) if ("free" in disk) await disk.free();
  };
  const stop: Platform["stop"] = async ({ keepData }) => {
    isStopping = true;
    await heal();
    for (const service of [...running.values()].toReversed()) await service.stop();
    for (const link of links.values()) await link.close();
    for (const disk of Object.values(disks)) if ("unmount" in disk) await disk.unmount();
    if (!keepData) rmSync(dataDir, { recursive: true, force: true });
  };
  options.onBegun(stop);
  const launch = async (name: ProcessName, spec: ProcessSpec) => {
    if (isStopping) throw new SetupError("stopped while starting");
    const service = new SupervisedProcess(spec, options.listener);
    running.set(name, service);
    await service.start();
  };

  const ports = await findQuietPorts([
    ...(["postgres", "redis", "vanSbx1", "vanSbx1Control", "vanSbx2", "vanSbx2Control"] as const),
    ...(["web", "webDatabase", "workerDatabase", "linkSbx1", "linkSbx2"] as const),
  ]);
  writeFileSync(join(dataDir, "state.json"), JSON.stringify({ ports }));
  if (options.wantsPostgresDisk)
    disks.postgres = await mountSmallDisk(join(dataDir, "postgres"), postgresDiskMb);
  mkdirSync(join(dataDir, "logs"));
  if (options.wantsLogsDisk) disks.logs = await mountSmallDisk(join(dataDir, "logs"), logsDiskMb);

  const services = await startLocalServices({
    dataDir,
    listener: options.listener,
    onStarted: (service) => running.set(service.spec.name as ProcessName, service),
  });
  await migrate(services.databaseUrl);
  const secrets = loadSecrets(dataDir);
  const admin = new URL(services.databaseUrl);
  admin.username = "postgres";
  admin.password = secrets.databaseAdminPassword;
  if ("path" in disks.postgres) await keepLogShort(admin.href);
  const malls = await plantMalls(services.databaseUrl, secrets.PAYDECK_SECRET);

  const openLink = async (name: LinkName, link: FaultProxy) => {
    links.set(name, link);
    await link.open();
    return link;
  };
  const databaseLink = (name: LinkName, port: number) =>
    openLink(name, new FaultProxy({ port, targetPort: ports.postgres, isPostgres: true }));
  const platformLinks = {
    "web-database": await databaseLink("web-database", ports.webDatabase),
    "worker-database": await databaseLink("worker-database", ports.workerDatabase),
    SBX1: await openLink(
      "SBX1",
      new FaultProxy({
        port: ports.linkSbx1,
        targetPort: ports.vanSbx1,
        meter: () => new RequestMeter(),
      }),
    ),
    SBX2: await openLink(
      "SBX2",
      new FaultProxy({ port: ports.linkSbx2, targetPort: ports.vanSbx2, meter: () => new FrameMeter() }),
    ),
  };

  const baseUrl = `http://127.0.0.1:${ports.web}`;
  const settings: Settings = { root, dataDir, port: ports.web, host: "127.0.0.1", baseUrl, isDev: false };
  const throughLink = (port: number) => {
    const url = new URL(services.databaseUrl);
    url.port = String(port);
    return url.href;
  };
  const env: Environment = {
    ...childEnvironment(settings, { ...services, isEmbedded: true }, secrets, ports),
    // The mall API alone: what is tried here needs no console, and so no build.
    PAYDECK_ROLE: "api",
    SANDBOX_VAN_LATENCY_MS: String(vanLatencyMs),
    VAN_SBX1_URL: `http://127.0.0.1:${ports.linkSbx1}`,
    VAN_SBX2_URL: `tcp://127.0.0.1:${ports.linkSbx2}`,
  };
  for (const spec of vanSpecs(settings, env, ports)) await launch(spec.name as ProcessName, spec);
  await launch("worker", workerSpec(settings, { ...env, DATABASE_URL: throughLink(ports.workerDatabase) }));
  await launch("web", webSpec(settings, { ...env, DATABASE_URL: throughLink(ports.webDatabase) }));

  return {
    dataDir,
    baseUrl: localUrl(settings),
    malls,
    env,
    links: platformLinks,
    controlUrls: {
      SBX1: `http://127.0.0.1:${ports.vanSbx1Control}`,
      SBX2: `http://127.0.0.1:${ports.vanSbx2Control}`,
    },
    redisUrl: services.redisUrl,
    databaseUrl: services.databaseUrl,
    adminUrl: admin.href,
    disks,
    signal,
    restart: async (name) => running.get(name)?.restart(),
    heal,
    stop,
  };
}

const notWanted = { whyNot: "not asked for" } as const;

/** Makes PostgreSQL recycle its log early, so that a disk of memory stays small. */
async function keepLogShort(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query("ALTER SYSTEM SET max_wal_size = '192MB'");
  await client.query("ALTER SYSTEM SET min_wal_size = '64MB'");
  await client.query("SELECT pg_reload_conf()");
  await client.end();
}
