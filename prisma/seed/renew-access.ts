import type pg from "pg";
import type { DemoFile } from "#scripts/supervisor/demo-file.ts";
import { hashPassword } from "#server/operators/password.ts";
import type { Env } from "#server/platform/env.ts";
import { deriveKeys } from "#server/platform/keys.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { copyRows } from "./copy-rows.ts";
import { demoFileVans, newPassword, newSecretKey } from "./demo-access.ts";
import { demoMalls } from "./demo-malls.ts";
import { demoOperators } from "./demo-operators.ts";
import { keyOfMall } from "./plant-demo.ts";

/**
 * Makes the demo accessible again when `demo.json` is lost: keys and passwords cannot be read back, so each demo mall
 * gets a new key (the old ones are revoked) and each demo operator a new password. Undefined when the database holds
 * no demo: malls of one's own are left alone.
 */
export async function renewAccess(client: pg.Client, env: Env, now: Date): Promise<DemoFile | undefined> {
  const keys = deriveKeys(env.PAYDECK_SECRET);
  const { rows: malls } = await client.query<{
    id: string;
    name: string;
    endpointId: string | null;
    secretSealed: Buffer | null;
  }>(
    `SELECT m.id, m.name, e.id AS "endpointId", e.secret_sealed AS "secretSealed" FROM mall m
      LEFT JOIN LATERAL (SELECT id, secret_sealed FROM webhook_endpoint WHERE mall_id = m.id AND status = 'ACTIVE' ORDER BY id LIMIT 1) e ON true
      WHERE m.business_number = ANY($1) ORDER BY m.id`,
    [demoMalls.map(({ businessNumber }) => businessNumber)],
  );
  if (malls.length === 0) return undefined;
  const given = malls.map((mall) => ({ ...mall, secretKey: newSecretKey() }));
  const operators = await Promise.all(
    demoOperators.map(async ({ email, role }) => {
      const password = newPassword();
      return { email, role, password, hash: await hashPassword(password) };
    }),
  );
  await client.query("BEGIN");
  await client.query("UPDATE api_key SET revoked_at = $2 WHERE mall_id = ANY($1) AND revoked_at IS NULL", [
    malls.map(({ id }) => id),
    now,
  ]);
  await copyRows(
    client,
    "api_key",
    given.map(({ id, secretKey }) => keyOfMall(keys, id, secretKey, "데모 키 (다시 발급)", now)),
  );
  // A database that was planted before may not know all of them.
  const renewed: typeof operators = [];
  for (const operator of operators) {
    const { rowCount } = await client.query("UPDATE operator SET password_hash = $2 WHERE email = $1", [
      operator.email,
      operator.hash,
    ]);
    if (rowCount === 1) renewed.push(operator);
  }
  await client.query("COMMIT");
  return {
    baseUrl: env.PAYDECK_BASE_URL,
    malls: given.map(({ id, name, secretKey, endpointId, secretSealed }) => ({
      mallId: id,
      name,
      secretKey,
      ...(endpointId && secretSealed
        ? { webhookSecret: keys.unseal(secretSealed, placeOfSecret(endpointId)) }
        : {}),
    })),
    operators: renewed.map(({ email, password, role }) => ({ email, password, role })),
    vans: demoFileVans(env),
    metricsToken: env.PAYDECK_METRICS_TOKEN,
  };
}
