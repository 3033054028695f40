import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, expect, test } from "vitest";
import { isAlive } from "#scripts/supervisor/leftover.ts";
import { type ProcessSpec, SupervisedProcess } from "#scripts/supervisor/supervised-process.ts";

const directory = mkdtempSync(join(tmpdir(), "paydeck-supervisor-"));
const started: SupervisedProcess[] = [];
let notices: string[] = [];

function supervise(script: string, rest: Partial<ProcessSpec> = {}): SupervisedProcess {
  notices = [];
  const service = new SupervisedProcess(
    {
      name: "child",
      command: process.execPath,
      args: ["-e", script],
      logPath: join(directory, "child.log"),
      stopSignal: "SIGTERM",
      graceMs: 2_000,
      ...rest,
    },
    { onNotice: (name, text) => notices.push(`${name} ${text}`) },
  );
  started.push(service);
  return service;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await sleep(20);
  }
}

afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
});
afterAll(() => rmSync(directory, { recursive: true }));

const forEver = "setInterval(() => {}, 1000)";

test("a killed child is started again, and a person is told why", async () => {
  const service = supervise(forEver);
  await service.start();
  const first = service.pid ?? 0;
  process.kill(first, "SIGKILL");
  await until(() => service.pid !== first && service.pid !== undefined);
  expect(notices).toEqual(["child died (signal SIGKILL), starting again in 0.3 s"]);
});

test("a child that keeps dying is started again after longer and longer delays", async () => {
  const marker = join(directory, "second-start");
  const service = supervise(
    `const fs = require("fs"); if (fs.existsSync(${JSON.stringify(marker)})) process.exit(3);
     fs.writeFileSync(${JSON.stringify(marker)}, ""); setTimeout(() => process.exit(3), 200)`,
    { isReady: async () => existsSync(marker) },
  );
  await service.start();
  await until(() => notices.length >= 3);
  expect(notices.slice(0, 3)).toEqual(
    [0.3, 0.6, 1.2].map((seconds) => `child died (exit code 3), starting again in ${seconds} s`),
  );
});

test("a child that dies before it was ever ready is refused with its last words", async () => {
  const service = supervise(`console.error("no such setting"); process.exit(2)`, {
    isReady: async () => false,
  });
  await expect(service.start()).rejects.toThrow(/exit code 2.*no such setting/s);
  expect(notices).toEqual([]);
});

test("a child that ignores its stop signal is killed after its grace period", async () => {
  const marker = join(directory, "deaf");
  const service = supervise(
    `process.on("SIGTERM", () => {}); require("fs").writeFileSync(${JSON.stringify(marker)}, ""); ${forEver}`,
    { graceMs: 300, isReady: async () => existsSync(marker) },
  );
  await service.start();
  const pid = service.pid ?? 0;
  await service.stop();
  expect(isAlive(pid)).toBe(false);
});

test("what a child has spawned ends with it", async () => {
  const pidFile = join(directory, "grandchild");
  const service = supervise(
    `const child = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(forEver)}]);
     require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)); ${forEver}`,
    { isReady: async () => existsSync(pidFile) },
  );
  await service.start();
  const grandchild = Number(readFileSync(pidFile, "utf8"));
  expect(isAlive(grandchild)).toBe(true);
  await service.stop();
  await until(() => !isAlive(grandchild));
});

test("a stopped child is not started again", async () => {
  const service = supervise(forEver);
  await service.start();
  const pid = service.pid ?? 0;
  await service.stop();
  await sleep(400);
  expect(isAlive(pid)).toBe(false);
  expect(service.pid).toBe(pid);
});
