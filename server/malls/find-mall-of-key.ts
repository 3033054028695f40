import { type AddressRange, readRange } from "#server/malls/address-range.ts";
import { type KeyRow, loadMallOfKey } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** Who calls: the mall behind a key that works, and what its requests are measured by. */
export type MallOfKey = Omit<KeyRow, "allowed"> & Readonly<{ allowed: readonly AddressRange[] }>;

/** A revoked key works at most this long after, in every process; so does a mall that was suspended. */
const freshForMs = 1_000;
/** From this age on a key is looked up anew beside the requests, so that a busy mall never waits for it. */
const renewAfterMs = 500;
const cacheMax = 10_000;

type Cached = {
  readAtMs: number;
  mall: MallOfKey | undefined;
  renewing: Promise<MallOfKey | undefined> | null;
};
type Cache = Map<string, Cached>;

/** Next bundles its routes apart from the server that hosts them: what the console changes is to be forgotten in both. */
const shared = globalThis as { paydeckMallsOfKeys?: WeakMap<Sql, Cache> };
shared.paydeckMallsOfKeys ??= new WeakMap();
const caches = shared.paydeckMallsOfKeys;

/**
 * Finds the mall of a secret key that works, suspended or not, as it was at most a second ago. Nothing is said about why a
 * key does not work.
 */
export async function findMallOfKey(
  ctx: Pick<Context, "sql" | "keys" | "now">,
  secretKey: string,
): Promise<MallOfKey | undefined> {
  const hash = ctx.keys.hashSecretKey(secretKey);
  const mall = await readMall(ctx.sql, hash);
  // Known before the time, so it ends on the dot.
  return mall?.expiresAt && mall.expiresAt <= ctx.now() ? undefined : mall;
}

/** The next request of every mall asks the database: something was changed here. */
export function forgetMallsOfKeys(sql: Sql): void {
  caches.delete(sql);
}

function readMall(sql: Sql, hash: Buffer): Promise<MallOfKey | undefined> | MallOfKey | undefined {
  let cache = caches.get(sql);
  if (!cache) {
    cache = new Map();
    caches.set(sql, cache);
  }
  const name = hash.toString("base64");
  const cached = cache.get(name);
  const ageMs = cached ? performance.now() - cached.readAtMs : freshForMs;
  if (!cached || ageMs >= freshForMs) return renew(sql, cache, name, hash);
  // Who asks when it is too old waits for this reading or the next, and hears of its error.
  if (ageMs >= renewAfterMs) renew(sql, cache, name, hash).catch(() => undefined);
  return cached.mall;
}

/** Looks the key up; who asks while that is under way shares it. */
function renew(sql: Sql, cache: Cache, name: string, hash: Buffer): Promise<MallOfKey | undefined> {
  const cached = cache.get(name);
  if (cached && cached.renewing !== null) return cached.renewing;
  // As of the moment of asking: the answer may have waited for a connection.
  const readAtMs = performance.now();
  const reading = loadMallOfKey(sql, hash).then((row) => {
    const mall = row && { ...row, allowed: row.allowed.map(rangeOf) };
    // What was read before a change is not kept after it: then this is no longer the cache.
    if (caches.get(sql) === cache) {
      if (cache.size >= cacheMax) cache.clear();
      cache.set(name, { readAtMs, mall, renewing: null });
    }
    return mall;
  });
  const waiting: Cached = cached ?? { readAtMs: Number.NEGATIVE_INFINITY, mall: undefined, renewing: null };
  waiting.renewing = reading;
  if (!cached) cache.set(name, waiting);
  reading.catch(() => {
    waiting.renewing = null;
  });
  return reading;
}

function rangeOf({ cidr, note }: KeyRow["allowed"][number]): AddressRange {
  const range = readRange(cidr, note);
  // The list was written by us. What can no longer be read must not let everybody in.
  if ("broken" in range) throw new Error(`the allowed range ${cidr} cannot be read`);
  return range;
}
