/** Starts the whole platform, keeps it running, and stops it in order: `npm start`, `npm run dev`. */

import { mkdirSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate } from "#scripts/db/migrate.ts";
import { startLocalServices } from "#scripts/services/local-services.ts";
import { choosePorts, loadSecrets } from "#scripts/services/local-state.ts";
import type { Environment } from "#scripts/services/run-command.ts";
import { exitWith, SetupError } from "#scripts/services/setup-error.ts";
import { limitLines, worthShowing } from "#scripts/supervisor/child-lines.ts";
import {
  claimDataDir,
  followParent,
  localUrl,
  recordChildren,
  trafficSpec,
  vanSpecs,
  webSpec,
  workerSpec,
} from "#scripts/supervisor/children.ts";
import { readDemoFile, renderWelcome } from "#scripts/supervisor/demo-file.ts";
import { buildWeb, generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";
import { Progress } from "#scripts/supervisor/progress.ts";
import { checkMachine, childEnvironment, readSettings, type Settings } from "#scripts/supervisor/settings.ts";
import {
  type ProcessListener,
  type ProcessSpec,
  SupervisedProcess,
} from "#scripts/supervisor/supervised-process.ts";

const root = join(import.meta.dirname, "..");
const progress = new Progress();
/** Everything that runs, in start order; stopped in the opposite order. */
const running: SupervisedProcess[] = [];
let stopRequestedAt = 0;
let settings: Settings | undefined;

const show = limitLines((text) => progress.print(text));
const listener: ProcessListener = {
  onNotice: (name, text) => progress.print(`${name} ${text}`),
  onStarted: () => {
    if (settings !== undefined) rememberChildren(settings);
  },
  onLine: (name, line) => {
    const text = worthShowing(name, line);
    if (text !== undefined) show(`${name.padEnd(9)}${text}`);
  },
};

function rememberChildren({ dataDir }: Settings): void {
  recordChildren(
    dataDir,
    running.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
  );
}

async function launch(spec: ProcessSpec): Promise<SupervisedProcess> {
  if (stopRequestedAt !== 0) throw new SetupError("stopped while starting");
  const service = new SupervisedProcess(spec, listener);
  running.push(service);
  await service.start();
  return service;
}

async function startAll(): Promise<void> {
  const isDev = process.argv.includes("--dev");
  const current = await readSettings(root, isDev);
  settings = current;
  mkdirSync(current.dataDir, { recursive: true });
  await claimDataDir(current.dataDir);
  await checkMachine(current);
  const secrets = loadSecrets(current.dataDir);
  const ports = await choosePorts(current.dataDir, [
    "vanSbx1",
    "vanSbx1Control",
    "vanSbx2",
    "vanSbx2Control",
  ]);
  const environmentFor = (urls: { databaseUrl: string; redisUrl: string }) =>
    childEnvironment(current, { ...urls, isEmbedded: !process.env.DATABASE_URL }, secrets, ports);
  // Checked before anything is started, with the addresses that embedded services will have in the end.
  environmentFor({
    databaseUrl: process.env.DATABASE_URL || "postgresql://127.0.0.1/paydeck",
    redisUrl: process.env.REDIS_URL || "redis://127.0.0.1",
  });

  const generating = progress.step(
    "data access code",
    () => generatePrismaClient(root),
    (did) => (did ? "" : "up to date"),
  );
  const services = await progress.step("PostgreSQL and Redis", async () => {
    const started = await startLocalServices({
      dataDir: current.dataDir,
      databaseUrl: process.env.DATABASE_URL || undefined,
      redisUrl: process.env.REDIS_URL || undefined,
      listener,
      onProgress: (text) => progress.print(`… ${text}`),
      onStarted: (service) => running.push(service),
    });
    return started;
  });
  await generating;
  const env = environmentFor(services);
  const isDemo = env.PAYDECK_DEMO === "1";

  // The build needs the processor, the database steps mostly wait for the disk: side by side they take less time.
  const building = isDev
    ? Promise.resolve()
    : progress.step(
        "web application",
        () => buildWeb(root, env, join(current.dataDir, "logs/build.log")),
        (did) => (did ? "built" : "up to date"),
      );
  const preparing = prepareData(current, env, isDemo);
  // Wait for both even if one fails, so that nothing goes on behind an error message.
  const [built, prepared] = await Promise.allSettled([building, preparing]);
  for (const result of [built, prepared]) if (result.status === "rejected") throw result.reason;

  await progress.step("platform", async () => {
    await Promise.all(vanSpecs(current, env, ports).map(launch));
    await launch(workerSpec(current, env));
    await launch(webSpec(current, env));
    await waitUntilReady(current);
    if (stopRequestedAt !== 0) throw new SetupError("stopped while starting");
  });
  if (isDemo) await launch(trafficSpec(current, env));

  if (isDev) reloadOnChange();
  progress.print(`\n${renderWelcome(current.baseUrl, readDemoFile(current.dataDir))}`);
  progress.print(`Logs: ${join(current.dataDir, "logs")}. Ctrl-C stops everything.`);
  // Whoever started this process as a child may be waiting for it, as the browser tests do.
  process.send?.("ready");
}

async function prepareData({ dataDir }: Settings, env: Environment, isDemo: boolean): Promise<void> {
  await progress.step(
    "database schema",
    () => migrate(env.DATABASE_URL ?? ""),
    (applied) => (applied.length === 0 ? "up to date" : `${applied.length} applied`),
  );
  // Seeding twice changes nothing but addresses that moved, so it runs at each start of a demo.
  if (!isDemo) return;
  await progress.step("demo data", async () => {
    const lines: string[] = [];
    const seed = new SupervisedProcess(
      {
        name: "seed",
        command: process.execPath,
        args: ["--import", followParent, "prisma/seed.ts", `--data-dir=${dataDir}`],
        env,
        cwd: root,
        ipc: true,
        logPath: join(dataDir, "logs/seed.log"),
        stopSignal: "SIGTERM",
        graceMs: 5_000,
      },
      { onNotice: () => undefined, onLine: (_name, line) => lines.push(line) },
    );
    running.push(seed);
    const code = await seed.runOnce();
    running.splice(running.indexOf(seed), 1);
    if (code !== 0) {
      throw new SetupError(`The demo data could not be written:\n${lines.slice(-15).join("\n")}`);
    }
  });
}

/** Waits for `GET /api/health/ready` to answer 200, and says every 15 s what it is still waiting for. */
async function waitUntilReady(current: Settings): Promise<void> {
  let toldAt = Date.now();
  while (stopRequestedAt === 0) {
    let answer = "no answer";
    try {
      const response = await fetch(`${localUrl(current)}/api/health/ready`, {
        signal: AbortSignal.timeout(5_000),
      });
      answer = await response.text();
      if (response.ok) return;
    } catch (error) {
      answer = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() - toldAt > 15_000) {
      toldAt = Date.now();
      progress.print(`… not ready yet: ${explainNotReady(answer)}`);
    }
    await sleep(200);
  }
}

/** Names what the health page says is missing, in words rather than in JSON. */
function explainNotReady(answer: string): string {
  try {
    const {
      vans = {},
      ready: _ready,
      draining: _draining,
      sweep,
      ...parts
    } = JSON.parse(answer).data as { ready: boolean; draining: boolean; sweep: string; vans?: object };
    if (sweep !== "done") return "taking over what an earlier run left unfinished";
    if (Object.keys(vans).length === 0) {
      return "no VAN is set up in this database (PAYDECK_DEMO=1 npm start seeds a demo with two)";
    }
    const down = Object.entries<{ up?: boolean }>({ ...parts, ...vans }).filter(([, { up }]) => !up);
    return `waiting for ${down.map(([name]) => name).join(", ")}`;
  } catch {
    return answer.slice(0, 300);
  }
}

/** Development: a change in server code restarts what runs it; Next reloads pages by itself. */
function reloadOnChange(): void {
  let timer: NodeJS.Timeout | undefined;
  const changed = new Set<string>();
  for (const directory of ["server", "workers"]) {
    watch(join(root, directory), { recursive: true }, (_event, file) => {
      if (file === null || !/\.tsx?$/.test(file) || /\.(test|itest)\.ts$/.test(file)) return;
      changed.add(join(directory, file));
      clearTimeout(timer);
      timer = setTimeout(() => {
        const files = [...changed];
        changed.clear();
        const isVanOnly = files.every((path) => path.startsWith("server/van/sandbox/"));
        const targets = running.filter(({ spec: { name } }) =>
          isVanOnly ? name.startsWith("van-") : name === "web" || name === "worker",
        );
        progress.print(
          `${files.join(", ")} changed, restarting ${targets.map(({ spec }) => spec.name).join(" and ")}`,
        );
        for (const target of targets) target.restart().catch(exitWith);
      }, 300);
    });
  }
}

async function stopAll(): Promise<void> {
  for (const service of running.toReversed()) {
    await service.stop();
    progress.print(`${service.spec.name} stopped`);
  }
  if (settings !== undefined) recordChildren(settings.dataDir, []);
}

/** First request: stop in order. Second, by the same person: at once. */
function requestStop(exitCode: number): void {
  const now = Date.now();
  // A terminal, npm and the start script may each deliver the same Ctrl-C.
  if (stopRequestedAt !== 0 && now - stopRequestedAt < 700) return;
  if (stopRequestedAt !== 0) {
    progress.print("stopping at once");
    for (const service of running) service.kill();
    process.exit(1);
  }
  stopRequestedAt = now;
  progress.print("\nstopping (Ctrl-C again to force)");
  stopAll().then(() => process.exit(exitCode), exitWith);
}

process.on("SIGINT", () => requestStop(0));
process.on("SIGTERM", () => requestStop(0));
process.on("SIGHUP", () => requestStop(0));
process.on("disconnect", () => requestStop(0));

startAll().catch(async (error: unknown) => {
  if (stopRequestedAt !== 0) return;
  stopRequestedAt = Date.now();
  await stopAll();
  exitWith(error);
});
