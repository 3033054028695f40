import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program's environment. (`NodeJS.ProcessEnv` is narrower: Next declares NODE_ENV as required.) */
export type Environment = Readonly<Record<string, string | undefined>>;

export type CommandResult = Readonly<{ code: number; stdout: string; stderr: string }>;

const active = new Set<ChildProcess>();
// A stop in the middle of a build or an installation takes the program along.
process.once("exit", () => {
  for (const child of active) child.kill("SIGTERM");
});

/** Runs a program to its end and returns what it said; a program that cannot start yields code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: Environment; cwd?: string; timeoutMs?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: (options.env ?? process.env) as NodeJS.ProcessEnv,
      cwd: options.cwd,
      timeout: options.timeoutMs,
      stdio: ["ignore", "pipe", "pipe"],
    });
    active.add(child);
    child.once("close", () => active.delete(child));
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once("error", (error) => resolve({ code: 127, stdout, stderr: `${stderr}${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** The absolute path of a program on PATH, or undefined. */
export function findOnPath(program: string): string | undefined {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    if (directory === "") continue;
    const path = join(directory, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: look in the next directory.
    }
  }
  return undefined;
}
