import { randomBytes } from "node:crypto";
import { Refusal } from "#server/core/refusals.ts";
import { changeMall } from "#server/malls/change-mall.ts";
import { workingKeysMax } from "#server/malls/mall.values.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { countWorkingKeys, insertKey } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** A new key. `secretKey` is said this once: what is kept of it is a keyed hash. */
export type IssuedKey = Readonly<{ keyId: string; secretKey: string }>;

/**
 * Issues one more secret key; the others go on working. Audited, without the secret. Throws `NOT_FOUND` and
 * `API_KEY_LIMIT`.
 */
export function issueApiKey(
  ctx: Pick<Context, "sql" | "ids" | "keys" | "env">,
  command: MallCommand & Readonly<{ name: string }>,
): Promise<IssuedKey> {
  return changeMall(ctx, command, async (sql, mall) => {
    if ((await countWorkingKeys(sql, mall.id)) >= workingKeysMax) throw new Refusal("API_KEY_LIMIT");
    const issued = await writeNewKey(ctx, sql, command);
    return {
      result: issued,
      audit: {
        action: "mall.key_issued",
        detail: { keyId: issued.keyId, keyName: command.name, key: shownKey(issued.secretKey) },
      },
    };
  });
}

/** Makes a key and writes its hash. `sk_test_…` where payments are pretended, `sk_live_…` where they are real. */
export async function writeNewKey(
  ctx: Pick<Context, "ids" | "keys" | "env">,
  sql: Sql,
  { mallId, name, actor }: MallCommand & Readonly<{ name: string }>,
): Promise<IssuedKey> {
  const prefix = ctx.env.NODE_ENV === "production" && !ctx.env.PAYDECK_DEMO ? "sk_live" : "sk_test";
  // 240 bits in 40 characters of the alphabet that a header carries as it is.
  const secretKey = `${prefix}_${randomBytes(30).toString("base64url")}`;
  const keyId = ctx.ids.newId("apiKey");
  await insertKey(sql, {
    id: keyId,
    mallId,
    name,
    keyHash: ctx.keys.hashSecretKey(secretKey),
    prefix,
    lastFour: secretKey.slice(-4),
    createdBy: actor.id,
  });
  return { keyId, secretKey };
}

/** What may be shown of a key for ever: `sk_test_…c3D4`. */
export function shownKey(secretKey: string): string {
  return `${secretKey.slice(0, secretKey.indexOf("_", 3))}_…${secretKey.slice(-4)}`;
}
