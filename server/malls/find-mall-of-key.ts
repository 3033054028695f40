import { loadMallOfKey, type MallOfKey } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";

export type { MallOfKey };

/** A revoked key works at most this long after. */
const freshForMs = 5_000;
const cacheMax = 10_000;
const cache = new Map<string, { at: number; mall: MallOfKey | undefined }>();

/** Finds the active mall of a secret key, from memory for at most five seconds. Nothing is said about why a key is not known. */
export async function findMallOfKey(
  ctx: Pick<Context, "sql" | "keys">,
  secretKey: string,
): Promise<MallOfKey | undefined> {
  const hash = ctx.keys.hashSecretKey(secretKey);
  const name = hash.toString("base64");
  const cached = cache.get(name);
  if (cached && Date.now() - cached.at < freshForMs) return cached.mall;
  const found = await loadMallOfKey(ctx.sql, hash);
  const mall = found?.status === "ACTIVE" ? found : undefined;
  if (cache.size >= cacheMax) cache.clear();
  cache.set(name, { at: Date.now(), mall });
  return mall;
}
