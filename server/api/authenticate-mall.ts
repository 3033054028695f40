import { Refusal } from "#server/core/refusals.ts";
import { findMallOfKey, type MallOfKey } from "#server/malls/find-mall-of-key.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";

const keyShape = /^sk_[a-z]+_[A-Za-z0-9_-]{32,128}$/;

/** Says which mall is calling, by `Basic base64("<secretKey>:")` or `Bearer <secretKey>`. Throws `UNAUTHORIZED_KEY`. */
export async function authenticateMall(ctx: Context, authorization: string | null): Promise<MallOfKey> {
  const key = secretKeyOf(authorization);
  if (!key) throw new Refusal("UNAUTHORIZED_KEY");
  try {
    const mall = await findMallOfKey(ctx, key);
    if (!mall) throw new Refusal("UNAUTHORIZED_KEY");
    return mall;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw new Refusal("IDEMPOTENCY_STORE_UNAVAILABLE", {}, 2);
    throw error;
  }
}

function secretKeyOf(authorization: string | null): string | undefined {
  const [, scheme, value] = /^(Basic|Bearer) +([A-Za-z0-9+/=_.~-]{1,512})$/i.exec(authorization ?? "") ?? [];
  if (!scheme || !value) return undefined;
  if (scheme.toLowerCase() === "bearer") return keyShape.test(value) ? value : undefined;
  const bytes = Buffer.from(value, "base64");
  // Node reads base64 leniently; what does not come out the same was not base64.
  if (bytes.toString("base64") !== value) return undefined;
  const [key, rest] = bytes.toString("latin1").split(":", 2);
  return key && rest === "" && keyShape.test(key) ? key : undefined;
}
