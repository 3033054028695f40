import { randomUUID } from "node:crypto";
import type { Courtesy } from "#server/platform/redis.ts";

const releaseIfMine =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

export type Lock = Readonly<{
  state: "held" | "busy" | "absent";
  /** Of a busy lock: what its holder said it is doing. */
  heldFor?: string | undefined;
  release(): Promise<void>;
}>;

const nothingToRelease = async () => undefined;

/**
 * Takes a short-lived lock as a fast refusal of what runs already; the unique indexes decide (D1).
 * `purpose` is told to whom it refuses. `absent` means Redis did not answer, and the caller goes on without it.
 */
export async function takeLock(redis: Courtesy, key: string, ttlMs: number, purpose = ""): Promise<Lock> {
  const token = `${randomUUID()} ${purpose}`;
  const answer = await redis.try((r) => r.set(key, token, "PX", ttlMs, "NX"));
  if (answer === undefined) return { state: "absent", release: nothingToRelease };
  if (answer === null) {
    const held = await redis.try((r) => r.get(key));
    return { state: "busy", heldFor: held?.slice(held.indexOf(" ") + 1), release: nothingToRelease };
  }
  return {
    state: "held",
    async release() {
      await redis.try((r) => r.eval(releaseIfMine, 1, key, token));
    },
  };
}
