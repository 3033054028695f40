import { randomUUID } from "node:crypto";
import type { Courtesy } from "#server/platform/redis.ts";

const releaseIfMine = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

export type Lock = Readonly<{ state: "held" | "busy" | "absent"; release(): Promise<void> }>;

const nothingToRelease = async () => undefined;

/**
 * Takes a short-lived lock as a fast refusal of what runs already; the unique indexes decide (D1).
 * `absent` means Redis did not answer, and the caller goes on without it.
 */
export async function takeLock(redis: Courtesy, key: string, ttlMs: number): Promise<Lock> {
  const token = randomUUID();
  const answer = await redis.try((r) => r.set(key, token, "PX", ttlMs, "NX"));
  if (answer === undefined) return { state: "absent", release: nothingToRelease };
  if (answer === null) return { state: "busy", release: nothingToRelease };
  return {
    state: "held",
    async release() {
      await redis.try((r) => r.eval(releaseIfMine, 1, key, token));
    },
  };
}
