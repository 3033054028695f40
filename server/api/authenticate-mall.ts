import { Refusal } from "#server/core/refusals.ts";
import { findRange } from "#server/malls/address-range.ts";
import { findMallOfKey, type MallOfKey } from "#server/malls/find-mall-of-key.ts";
import { noteKeyUse } from "#server/malls/keep-key-uses.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";

const keyShape = /^sk_[a-z]+_[A-Za-z0-9_-]{32,128}$/;

/**
 * Says which mall is calling, by `Basic base64("<secretKey>:")` or `Bearer <secretKey>`. Throws `UNAUTHORIZED_KEY`, and
 * `FORBIDDEN_IP` when the mall has a list of addresses and `address` (null when nobody knows it) is not on it. A suspended
 * mall passes: its cancels and inquiries go on.
 */
export async function authenticateMall(
  ctx: Context,
  authorization: string | null,
  address: string | null,
): Promise<MallOfKey> {
  const key = secretKeyOf(authorization);
  if (!key) throw new Refusal("UNAUTHORIZED_KEY");
  const mall = await findOrRefuse(ctx, key);
  // Only who holds the key learns that there is a list, and which address we see: it is the mall's own.
  if (mall.allowed.length > 0 && !findRange(mall.allowed, address))
    throw new Refusal("FORBIDDEN_IP", address === null ? {} : { ipAddress: address });
  noteKeyUse(ctx, mall, address);
  return mall;
}

async function findOrRefuse(ctx: Context, key: string): Promise<MallOfKey> {
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
