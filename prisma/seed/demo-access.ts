import { randomInt } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import { type DemoFile, readDemoFile as readDemo } from "#scripts/supervisor/demo-file.ts";
import type { Env } from "#server/platform/env.ts";
import { demoVans } from "./demo-vans.ts";

/** Without letters and digits that look alike: people type passwords from a terminal. */
const passwordAlphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const keyAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

export const newPassword = () => randomText(passwordAlphabet, 16);
export const newSecretKey = () => `sk_test_${randomText(keyAlphabet, 40)}`;

const pathOf = (env: Env) => join(env.PAYDECK_DATA_DIR, "demo.json");

/** Reads `demo.json`; undefined when there is none. */
export function readDemoFile(env: Env): DemoFile | undefined {
  return readDemo(env.PAYDECK_DATA_DIR);
}

/** The sandbox VANs as `demo.json` names them, at the addresses they have now. */
export function demoFileVans(env: Env): DemoFile["vans"] {
  const controlUrls = { SBX1: env.VAN_SBX1_CONTROL_URL ?? "", SBX2: env.VAN_SBX2_CONTROL_URL ?? "" };
  return demoVans.map(({ code, protocol }) => ({ code, protocol, controlUrl: controlUrls[code] }));
}

/** Writes `demo.json` so that only its owner can read it. */
export function writeDemoFile(env: Env, demo: DemoFile): void {
  writeFileAtomic(pathOf(env), `${JSON.stringify(demo, null, 2)}\n`);
}
