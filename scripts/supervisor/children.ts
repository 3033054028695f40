import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import type { Environment } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { commandLineOf, isAlive, stopLeftover } from "#scripts/supervisor/leftover.ts";
import type { Settings, VanPorts } from "#scripts/supervisor/settings.ts";
import type { ProcessSpec } from "#scripts/supervisor/supervised-process.ts";
import { workerNodeFlags } from "#scripts/supervisor/worker-flags.ts";

/** Preloaded into each child, so that none outlives the supervisor. */
export const followParent = pathToFileURL(join(import.meta.dirname, "follow-parent.ts")).href;

/** Names the data directory on the children's command lines, which tells two copies of Paydeck apart. */
const mark = (dataDir: string) => `--data-dir=${dataDir}`;

/** The sandbox VANs, apart from those that the user runs elsewhere (`VAN_<code>_URL`). */
export function vanSpecs(settings: Settings, env: Environment, ports: VanPorts): ProcessSpec[] {
  const van = (code: "SBX1" | "SBX2", port: number, controlPort: number) =>
    nodeChild(settings, `van-${code.toLowerCase()}`, "server/van/sandbox/main.ts", {
      env: {
        ...env,
        SANDBOX_VAN_CODE: code,
        SANDBOX_VAN_PORT: String(port),
        SANDBOX_VAN_CONTROL_PORT: String(controlPort),
        SANDBOX_VAN_DATA_DIR: join(settings.dataDir, "van"),
      },
      graceMs: 5_000,
      isReady: () => answers(`http://127.0.0.1:${controlPort}/ledger/summary`),
    });
  return [
    ...(process.env.VAN_SBX1_URL ? [] : [van("SBX1", ports.vanSbx1, ports.vanSbx1Control)]),
    ...(process.env.VAN_SBX2_URL ? [] : [van("SBX2", ports.vanSbx2, ports.vanSbx2Control)]),
  ];
}

/** The platform's own processes: payments may be in flight there, so they get more time than they take at most. */
const drainGraceMs = ({ PAYDECK_DRAIN_DELAY_MS, PAYDECK_DRAIN_MAX_MS }: Environment) =>
  Number(PAYDECK_DRAIN_DELAY_MS ?? 2_000) + Number(PAYDECK_DRAIN_MAX_MS ?? 45_000) + 3_000;

export function workerSpec(settings: Settings, env: Environment): ProcessSpec {
  const child = nodeChild(settings, "worker", "workers/index.ts", { env, graceMs: drainGraceMs(env) });
  return { ...child, args: [...workerNodeFlags, ...child.args] };
}

export function webSpec(settings: Settings, env: Environment): ProcessSpec {
  return nodeChild(settings, "web", "server/http/main.ts", {
    env,
    graceMs: drainGraceMs(env),
    isReady: async () => (await answers(`${localUrl(settings)}/api/health/live`)) === true,
    readyWithinMs: 120_000,
  });
}

export function trafficSpec(settings: Settings, env: Environment): ProcessSpec {
  return nodeChild(settings, "traffic", "scripts/demo/traffic.ts", { env, graceMs: 5_000 });
}

/** The web server as seen from this machine; the public address may belong to a proxy in front. */
export function localUrl({ host, port }: Settings): string {
  const reachable =
    host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  return `http://${reachable}:${port}`;
}

function nodeChild(
  { root, dataDir }: Settings,
  name: string,
  script: string,
  rest: Pick<ProcessSpec, "env" | "graceMs" | "isReady" | "readyWithinMs">,
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ["--import", followParent, script, mark(dataDir)],
    cwd: root,
    ipc: true,
    logPath: join(dataDir, "logs", `${name}.log`),
    stopSignal: "SIGTERM",
    ...rest,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not listening yet: the caller asks again.
    return false;
  }
}

/**
 * Makes this process the one supervisor of its data directory. Refuses while another one lives;
 * stops children that a killed one left behind.
 */
export async function claimDataDir(dataDir: string): Promise<void> {
  const path = join(dataDir, "supervisor.json");
  const before = readRecord(path);
  if (before !== undefined) {
    const { pid, children } = before;
    if (pid !== process.pid && isAlive(pid) && (await commandLineOf(pid)).includes("supervise.ts")) {
      throw new SetupError(
        `Paydeck already runs from ${dataDir} (process ${pid}): stop it first, or use another PAYDECK_DATA_DIR and PORT.`,
      );
    }
    await Promise.all(
      children.map((child) =>
        stopLeftover(
          child,
          "SIGTERM",
          async (id) => (await commandLineOf(id)).includes(mark(dataDir)),
          3_000,
        ),
      ),
    );
  }
  recordChildren(dataDir, []);
}

/** Remembers the children's process ids for the next start, in case this process is killed. */
export function recordChildren(dataDir: string, children: readonly number[]): void {
  writeFileAtomic(join(dataDir, "supervisor.json"), `${JSON.stringify({ pid: process.pid, children })}\n`);
}

function readRecord(path: string): { pid: number; children: number[] } | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Unreadable means unusable: whatever it named is found by its port or its lock file instead.
    return undefined;
  }
}
