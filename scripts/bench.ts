/** `npm run bench -- <name> [arguments]`: runs `bench/<name>.ts`. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { exitWith, SetupError } from "#scripts/services/setup-error.ts";
import { generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";

const root = join(import.meta.dirname, "..");
const directory = join(root, "bench");

function availableNames(): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".ts") && !name.includes(".test."))
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

try {
  const [name, ...args] = process.argv.slice(2);
  const names = availableNames();
  if (name === undefined || !names.includes(name)) {
    const problem = name === undefined ? "Which benchmark?" : `There is no benchmark "${name}".`;
    throw new SetupError(
      `${problem} npm run bench -- <name>, with one of: ${names.join(", ") || "(none yet: add bench/<name>.ts)"}`,
    );
  }
  await generatePrismaClient(root);
  const child = spawn(process.execPath, [join(directory, `${name}.ts`), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  process.on("disconnect", () => child.kill("SIGTERM"));
  child.once("exit", (code) => process.exit(code ?? 1));
} catch (error) {
  exitWith(error);
}
