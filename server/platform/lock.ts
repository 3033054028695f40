import { randomUUID } from "node:crypto";
import { type Courtesy, redisBudgetsMs } from "#server/platform/redis.ts";

const releaseIfMine =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

export type Lock = Readonly<{
  state: "held" | "busy" | "absent";
  /** Of a busy lock: what its holder said it is doing. */
  heldFor?: string | undefined;
  /** Lets the lock go behind the caller's back: an answer never waits for it. */
  release(): Promise<void>;
}>;

const nothingToRelease = async () => undefined;

/**
 * Takes a short-lived lock as a fast refusal of what runs already; the unique indexes decide (D1).
 * `purpose` is told to whom it refuses. `absent` means Redis did not answer, and the caller goes on without it: a lock
 * that takes longer than its budget costs more than it spares (reliability §5.1 A1).
 */
export async function takeLock(redis: Courtesy, key: string, ttlMs: number, purpose = ""): Promise<Lock> {
  const token = `${randomUUID()} ${purpose}`;
  // One round trip says both: taken, or who has it.
  const answer = await redis.try(async (r) => {
    const [[error, taken] = [], [, holder] = []] =
      (await r.multi().set(key, token, "PX", ttlMs, "NX").get(key).exec()) ?? [];
    if (error) throw error;
    return { taken: taken === "OK", holder: typeof holder === "string" ? holder : undefined };
  }, redisBudgetsMs.lock);
  const release = async () => redis.later((r) => r.eval(releaseIfMine, 1, key, token));
  // An answer that came too late may have taken the lock all the same.
  if (!answer) return { state: "absent", release };
  if (!answer.taken) {
    const { holder } = answer;
    return { state: "busy", heldFor: holder?.slice(holder.indexOf(" ") + 1), release: nothingToRelease };
  }
  return { state: "held", release };
}
