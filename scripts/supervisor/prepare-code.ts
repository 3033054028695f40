import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withSetupLock } from "#scripts/bootstrap/bootstrap.mjs";
import { type Environment, runCommand } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { hashSources } from "#scripts/supervisor/source-stamp.ts";

const prismaInputs = ["prisma/schema.prisma", "prisma/models", "prisma.config.ts", "package-lock.json"];
const buildInputs = [
  "app",
  "components",
  "server",
  "public",
  "prisma/schema.prisma",
  "prisma/models",
  "instrumentation.ts",
  "proxy.ts",
  "next.config.ts",
  "next.config.js",
  "next.config.mjs",

  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];

/** Generates the Prisma client when the schema has changed. Returns whether it did. */
export async function generatePrismaClient(root: string): Promise<boolean> {
  return onceFor(root, prismaInputs, "prisma/generated/.stamp", async () => {
    const result = await runCommand(
      process.execPath,
      [join(root, "node_modules/prisma/build/index.js"), "generate", "--schema", "prisma"],
      {
        cwd: root,
        // Nothing here needs the native schema engine; naming any program keeps Prisma from downloading it.
        env: {
          ...process.env,
          PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
          CHECKPOINT_DISABLE: "1",
          NO_COLOR: "1",
        },
      },
    );
    if (result.code !== 0) throw new SetupError(`prisma generate failed:\n${result.stderr || result.stdout}`);
  });
}

/** Builds the web application when its sources have changed. Returns whether it did. */
export async function buildWeb(root: string, env: Environment, logPath: string): Promise<boolean> {
  return onceFor(root, buildInputs, ".next/paydeck-build.stamp", async () => {
    const result = await runCommand(
      process.execPath,
      [join(root, "node_modules/next/dist/bin/next"), "build"],
      {
        cwd: root,
        env: { ...env, NODE_ENV: "production", NO_COLOR: "1" },
      },
    );
    mkdirSync(dirname(logPath), { recursive: true });
    writeFileSync(logPath, result.stdout + result.stderr);
    if (result.code !== 0) {
      const tail = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-30).join("\n");
      throw new SetupError(`next build failed (all of it: ${logPath}):\n${tail}`);
    }
  });
}

/** Runs `work` unless the stamp file holds the hash of the same inputs; writes the stamp afterwards. */
async function onceFor(
  root: string,
  inputs: readonly string[],
  stampFile: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const stampPath = join(root, stampFile);
  const isCurrent = () =>
    existsSync(stampPath) && readFileSync(stampPath, "utf8") === hashSources(root, inputs);
  if (isCurrent()) return false;
  return withSetupLock(async () => {
    // Another start may have done it while this one waited for the lock.
    if (isCurrent()) return false;
    const stamp = hashSources(root, inputs);
    await work();
    mkdirSync(dirname(stampPath), { recursive: true });
    writeFileSync(stampPath, stamp);
    return true;
  });
}
