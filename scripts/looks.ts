/**
 * `npm run looks`: takes anew the pictures of the console that no longer show it, and packs them. Look at each before it is
 * committed: from then on it is what the page should look like. `npm run looks -- -g payments` takes a part.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitWith } from "#scripts/services/setup-error.ts";
import { buildWeb, generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";
import { findBrowser } from "#scripts/testing/find-browser.ts";
import { withTestPlatform } from "#scripts/testing/with-test-platform.ts";

const root = join(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "paydeck-looks-"));
const running = new Set<ChildProcess>();

function runNode(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
  return new Promise<number>((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    running.add(child);
    child.once("exit", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    for (const child of running) child.kill("SIGTERM");
  });

try {
  const browser = await findBrowser((text) => console.log(`… ${text}`));
  await generatePrismaClient(root);
  await buildWeb(root, { ...process.env, NEXT_TELEMETRY_DISABLED: "1" }, join(scratch, "build.log"));
  process.exitCode = await withTestPlatform({ root, scratch, running }, (platform) =>
    runNode(
      [
        ...[join(root, "node_modules/@playwright/test/cli.js"), "test", "e2e/console/looks.spec.ts"],
        ...["--update-snapshots=changed", "--retries=0", "--reporter=list", ...process.argv.slice(2)],
      ],
      { ...platform, CHROMIUM_PATH: browser },
    ),
  );
  await runNode([join(root, "e2e/looks/pack-pictures.ts")]);
} catch (error) {
  exitWith(error);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
