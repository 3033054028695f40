import type { Env } from "#server/platform/env.ts";

const loopbackHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Where a sandbox VAN's control listens; null for any other VAN, and for an address that is not this machine's. */
export function sandboxControlUrl(env: Env, code: string): URL | null {
  const text = { SBX1: env.VAN_SBX1_CONTROL_URL, SBX2: env.VAN_SBX2_CONTROL_URL }[code];
  if (text === undefined) return null;
  const url = new URL(text);
  return loopbackHosts.has(url.hostname) ? url : null;
}
