import { randomUUID } from "node:crypto";
import type { Courtesy } from "#server/platform/redis.ts";

const releaseIfMine =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** A lock that takes longer to get than this costs more than it spares (reliability §5.1 A1). */
const lockBudgetMs = 50;

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
  const answer = await redis.try((r) => r.set(key, token, "PX", ttlMs, "NX"), lockBudgetMs);
  const release = async () => {
    await redis.try((r) => r.eval(releaseIfMine, 1, key, token));
  };
  // An answer that came too late may have taken the lock all the same.
  if (answer === undefined) return { state: "absent", release };
  if (answer === null) {
    const held = await redis.try((r) => r.get(key), lockBudgetMs);
    return { state: "busy", heldFor: held?.slice(held.indexOf(" ") + 1), release: nothingToRelease };
  }
  return { state: "held", release };
}
