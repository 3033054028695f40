import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "#scripts/services/free-port.ts";
import type { Environment } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { settingNames } from "#server/platform/env.ts";

/**
 * Starts the whole platform the way `npm start` does, on a port and data of its own in `scratch`, and stops it when `use` is
 * over. `use` gets what the browser tests must know of it. The process is in `running` meanwhile. Needs a built console.
 */
export async function withTestPlatform<Result>(
  { root, scratch, running }: Readonly<{ root: string; scratch: string; running: Set<ChildProcess> }>,
  use: (environment: Environment) => Promise<Result>,
): Promise<Result> {
  const dataDir = join(scratch, "platform");
  mkdirSync(dataDir);
  const port = await findFreePort();
  // Emptied, not left out: an empty variable also keeps a developer's .env, with perhaps a real database, away.
  const noSettings = Object.fromEntries(settingNames.map((name) => [name, ""]));
  const platform = spawn(process.execPath, [join(root, "scripts/supervise.ts")], {
    cwd: root,
    env: {
      ...process.env,
      ...noSettings,
      PORT: String(port),
      PAYDECK_HOST: "127.0.0.1",
      PAYDECK_BASE_URL: `http://127.0.0.1:${port}`,
      PAYDECK_DATA_DIR: dataDir,
      PAYDECK_DEMO: "1",
      PAYDECK_DEMO_TRAFFIC: "0",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running.add(platform);
  const ended = new Promise<"ended">((resolve) => platform.once("exit", () => resolve("ended")));
  const ready = new Promise<"ready">((resolve) => platform.once("message", () => resolve("ready")));
  try {
    if ((await Promise.race([ready, ended])) === "ended") {
      throw new SetupError("The platform did not start, so the browser tests could not run.");
    }
    return await use({
      PAYDECK_E2E_BASE_URL: `http://127.0.0.1:${port}`,
      PAYDECK_E2E_DEMO_JSON: join(dataDir, "demo.json"),
    });
  } finally {
    platform.kill("SIGTERM");
    await ended;
    running.delete(platform);
  }
}
