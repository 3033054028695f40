import type { Sql } from "#server/platform/db.ts";
import type { Route } from "#server/van/route-to-van.ts";

export type MallOfKey = Readonly<{
  keyId: string;
  mallId: string;
  mallName: string;
  status: "ACTIVE" | "SUSPENDED";
  routes: readonly Route[];
}>;

/** Finds the mall that a secret key belongs to, unless the key was revoked; notes its use once a minute. */
export async function loadMallOfKey(sql: Sql, keyHash: Buffer): Promise<MallOfKey | undefined> {
  const [mall] = await sql.run<MallOfKey>(
    {
      name: "mall-of-key",
      text: `WITH used AS (
          UPDATE api_key SET last_used_at = now()
          WHERE key_hash = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        )
        SELECT k.id AS "keyId", m.id AS "mallId", m.name AS "mallName", m.status,
          coalesce((SELECT json_agg(json_build_object('vanCode', r.van_code, 'weight', r.weight) ORDER BY r.van_code)
            FROM mall_van_route r WHERE r.mall_id = m.id), '[]'::json) AS routes
        FROM api_key k JOIN mall m ON m.id = k.mall_id WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
    },
    [keyHash],
  );
  return mall;
}
