// Plain JavaScript without dependencies: it runs on whatever Node the machine has, before anything
// is installed, and hands over to the pinned one.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const oldestNode = [20, 19];
const wantedMajor = 24;
/** What `npm ci` writes, npm's cache included. */
const neededMegabytes = 1_800;

/**
 * Installs the packages if they are missing or the lock file has changed, then runs a TypeScript
 * program on Node 24 and ends with its exit code. Signals are passed on; should this process or the
 * npm above it be killed, the program is stopped all the same.
 *
 * @param {string} script path of the program, from the root of the project
 * @param {readonly string[]} args
 */
export async function runProgram(script, args = process.argv.slice(2)) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    fail(`Node ${process.versions.node} is too old: install Node ${oldestNode.join(".")} or newer.`);
  }
  await withSetupLock(installPackages);

  const child = spawn(findNode(major), [join(root, script), ...args], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  if (process.env.npm_lifecycle_event !== undefined) stopWithParent(child);
  child.once("error", (error) => fail(`Node ${wantedMajor} could not be started: ${error.message}`));
  child.once("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128 + 15)));
}

/** A killed npm tells its script nothing; it is noticed by this process getting another parent. */
function stopWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, 500);
  timer.unref();
}

/** The machine's own Node when it is new enough, else the one that came with the packages. */
function findNode(machineMajor) {
  if (machineMajor >= wantedMajor) return process.execPath;
  const pinned = join(root, "node_modules/.bin/node");
  if (!existsSync(pinned))
    fail(`Node ${wantedMajor} is missing: run npm ci, or install Node ${wantedMajor}.`);
  return pinned;
}

async function installPackages() {
  if (isInstalled()) return;
  const { bavail, bsize } = statfsSync(root);
  const freeMegabytes = Math.floor((bavail * bsize) / 1024 ** 2);
  if (freeMegabytes < neededMegabytes) {
    fail(
      `The packages need ${neededMegabytes} MB and this disk has ${freeMegabytes} MB left: free some space, then start again.`,
    );
  }
  const startedAt = Date.now();
  console.log("… installing packages (about a minute the first time)");
  const { code, output } = await run("npm", ["ci", "--include=dev", "--loglevel=error"]);
  if (code !== 0) fail(explain(output));
  console.log(`✓ packages installed (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

/** Says in one line why the packages could not be installed, when npm's code tells; else what npm said. */
function explain(output) {
  if (/ENOSPC/.test(output))
    return "The disk became full while packages were installed: free some space, then start again.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/.test(output))
    return "The package registry cannot be reached: check the network (or npm's registry and proxy settings), then start again.";
  return `npm ci failed:\n${output.trim()}`;
}

/** Compares what npm wrote down about the installation with the lock file. */
function isInstalled() {
  const installedPath = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedPath)) return false;
  const installed = JSON.parse(readFileSync(installedPath, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const present = installed[path];
    return present === undefined ? optional === true : present.version === version;
  });
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    if (process.env.npm_lifecycle_event !== undefined) stopWithParent(child);
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs `work` while no other start in this folder prepares packages, generated code or the build.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(work) {
  const lock = join(root, ".setup.lock");
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isHeld(lock)) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!told) console.log("… waiting for another start in this folder to finish its set-up");
      told = true;
      await sleep(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isHeld(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function fail(message) {
  console.error(`✗ ${message}`);
  process.exit(1);
}
