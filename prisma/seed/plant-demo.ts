import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { findFreePort } from "#scripts/services/free-port.ts";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import type { DemoFile } from "#scripts/supervisor/demo-file.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import { realIds } from "#server/core/ids.ts";
import { hashPassword } from "#server/operators/password.ts";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Env } from "#server/platform/env.ts";
import { deriveKeys, type Keys } from "#server/platform/keys.ts";
import { journalPaths } from "#server/van/sandbox/journal.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { newWebhookSecret } from "#server/webhooks/sign-webhook.ts";
import { makeBuyers } from "./buyers.ts";
import { type CopyRow, copyRows } from "./copy-rows.ts";
import { type SeedEndpoint, tellDeliveries } from "./deliveries.ts";
import { demoFileVans, newPassword, newSecretKey } from "./demo-access.ts";
import { type DemoMall, demoMalls } from "./demo-malls.ts";
import { demoOperators } from "./demo-operators.ts";
import { demoVanSettings, demoVans } from "./demo-vans.ts";
import { historyDays, tellHistory } from "./history.ts";
import { createRandom } from "./random.ts";
import {
  type AuditRow,
  attemptRows,
  auditRows,
  cancelRows,
  deliveryRows,
  eventRows,
  exchangeRows,
  type History,
  historyRows,
  keyRows,
  ledgerRows,
  letterRows,
  numberHistory,
  orphanRows,
  outboxRows,
  paymentRows,
  timingRows,
} from "./rows.ts";
import { keepVanJournals } from "./van-journals.ts";

const dayMs = 24 * 3_600_000;
const buyersCount = 9_000;

type NewMall = Readonly<{
  id: string;
  mall: DemoMall;
  secretKey: string;
  webhook: (SeedEndpoint & Readonly<{ secret: string }>) | null;
}>;
type NewOperator = Readonly<{
  id: string;
  email: string;
  name: string;
  role: (typeof demoOperators)[number]["role"];
  password: string;
  passwordHash: string;
}>;

/**
 * Fills an empty database with the demo: malls, VANs, operators and thirty days of history, in one transaction, and
 * gives the sandbox VANs the same history in their journals. Returns what `demo.json` says; nothing of it is written.
 */
export async function plantDemo(
  client: pg.Client,
  env: Env,
  now: Date,
): Promise<{ demo: DemoFile; payments: number }> {
  const keys = deriveKeys(env.PAYDECK_SECRET);
  const random = createRandom(20_261_122);
  // Ids rise with the times they are given for, so what is older than the history gets its ids before it.
  const createdAt = new Date(now.getTime() - (historyDays + 1) * dayMs);
  const malls = demoMalls.map((mall, index): NewMall => {
    const id = realIds.newId("mall", createdAt.getTime() + index);
    const webhook =
      mall.listensSinceDays === null
        ? null
        : {
            id: realIds.newId("webhookEndpoint", createdAt.getTime() + index),
            mallId: id,
            createdAt: new Date(now.getTime() - mall.listensSinceDays * dayMs),
            secret: newWebhookSecret(),
          };
    return { id, mall, secretKey: newSecretKey(), webhook };
  });
  const operators = await Promise.all(
    demoOperators.map(async (operator, index): Promise<NewOperator> => {
      const password = newPassword();
      return {
        ...operator,
        id: realIds.newId("operator", createdAt.getTime() + demoMalls.length + index),
        password,
        passwordHash: await hashPassword(password),
      };
    }),
  );

  const buyers = makeBuyers(random, keys, buyersCount);
  const stories = tellHistory(random, { malls, buyers, operators }, now);
  const journals = keepVanJournals(stories);
  const endpoints = malls.flatMap(({ webhook }) => webhook ?? []);
  const deliveries = tellDeliveries(random, stories, endpoints, now);
  const history: History = { stories, deliveries, approvalNoOf: journals.approvalNoOf, now };
  numberHistory(history);

  // The VANs' books come first: a book that knows more than the database harms nobody, the other way round it would.
  writeVanJournals(env, journals.texts);
  await client.query("BEGIN");
  // The text search index is filled in one go at the end instead of row by row.
  await client.query("SET LOCAL gin_pending_list_limit = '256MB'");
  await client.query("SET LOCAL maintenance_work_mem = '256MB'");
  await loadWorld(client, keys, malls, operators, createdAt);
  await loadHistory(client, history);
  await appendAudit(client, auditRows(history));
  await client.query("SELECT gin_clean_pending_list('payment_search')");
  await client.query("COMMIT");
  await client.query(`ANALYZE ${loadedTables.join(", ")}`);

  const demo: DemoFile = {
    baseUrl: env.PAYDECK_BASE_URL,
    malls: malls.map(({ id, mall, secretKey, webhook }) => ({
      mallId: id,
      name: mall.name,
      secretKey,
      ...(webhook ? { webhookSecret: webhook.secret } : {}),
    })),
    operators: operators.map(({ email, password, role }) => ({ email, password, role })),
    vans: demoFileVans(env),
    metricsToken: env.PAYDECK_METRICS_TOKEN,
  };
  return { demo, payments: stories.length };
}

async function loadWorld(
  client: pg.Client,
  keys: Keys,
  malls: readonly NewMall[],
  operators: readonly NewOperator[],
  createdAt: Date,
): Promise<void> {
  const settings = demoVanSettings;
  await copyRows(
    client,
    "van",
    demoVans.map(
      (van): CopyRow => ({
        ...van,
        is_sandbox: true,
        connect_timeout_ms: settings.connectTimeoutMs,
        approve_timeout_ms: settings.approveTimeoutMs,
        cancel_timeout_ms: settings.cancelTimeoutMs,
        net_cancel_timeout_ms: settings.netCancelTimeoutMs,
        inquiry_timeout_ms: settings.inquiryTimeoutMs,
        lease_ms: settings.leaseMs,
        net_cancel_delays_ms: settings.netCancelDelaysMs,
        net_cancel_deadline_ms: settings.netCancelDeadlineMs,
        cancel_delays_ms: settings.cancelDelaysMs,
        inquiry_delays_ms: settings.inquiryDelaysMs,
        processing_window_ms: settings.processingWindowMs,
      }),
    ),
  );
  await copyRows(
    client,
    "mall",
    malls.map(
      ({ id, mall }): CopyRow => ({
        id,
        name: mall.name,
        business_number: mall.businessNumber,
        created_at: createdAt,
      }),
    ),
  );
  await copyRows(
    client,
    "api_key",
    malls.map(({ id, secretKey }): CopyRow => keyOfMall(keys, id, secretKey, "데모 키", createdAt)),
  );
  await copyRows(
    client,
    "mall_van_route",
    malls.flatMap(({ id, mall }) =>
      mall.routes.map(({ vanCode, weight }): CopyRow => ({ mall_id: id, van_code: vanCode, weight })),
    ),
  );
  await copyRows(
    client,
    "operator",
    operators.map(
      ({ id, email, name, role, passwordHash }): CopyRow => ({
        id,
        email,
        name,
        role,
        password_hash: passwordHash,
        created_at: createdAt,
      }),
    ),
  );
  const admin = operators.find(({ role }) => role === "ADMIN")?.id ?? "system";
  await copyRows(
    client,
    "mall_contract",
    malls.flatMap(({ id, mall: { contract } }) => {
      const terms = { feeRateE5: contract.feeRateE5, from: createdAt };
      const next = contract.next && {
        feeRateE5: contract.next.feeRateE5,
        from: new Date(createdAt.getTime() + (historyDays + 1 + contract.next.inDays) * dayMs),
      };
      return (next ? [terms, next] : [terms]).map(
        ({ feeRateE5, from }): CopyRow => ({
          id: realIds.newId("contract"),
          mall_id: id,
          method: "CARD",
          effective_from: businessDateOf(from),
          fee_rate_e5: feeRateE5,
          fee_rounding: "FLOOR_1",
          is_fee_refundable: true,
          cycle: contract.cycle,
          lag_business_days: contract.lagBusinessDays,
          created_at: createdAt,
          created_by: admin,
        }),
      );
    }),
  );
  // The demo's traffic process listens there; when something else has taken the port it registers another address.
  const port = await findFreePort();
  await copyRows(
    client,
    "webhook_endpoint",
    malls.flatMap(({ webhook }): CopyRow[] =>
      webhook
        ? [
            {
              id: webhook.id,
              mall_id: webhook.mallId,
              url: `http://127.0.0.1:${port}/webhooks/${webhook.mallId}`,
              types: [],
              secret_sealed: keys.seal(webhook.secret, placeOfSecret(webhook.id)),
              created_at: webhook.createdAt,
              updated_at: webhook.createdAt,
            },
          ]
        : [],
    ),
  );
}

/** A row of `api_key`: of the key itself only a keyed hash and its ends are kept. */
export function keyOfMall(
  keys: Keys,
  mallId: string,
  secretKey: string,
  name: string,
  createdAt: Date,
): CopyRow {
  return {
    id: realIds.newId("apiKey"),
    mall_id: mallId,
    name,
    key_hash: keys.hashSecretKey(secretKey),
    prefix: "sk_test",
    last_four: secretKey.slice(-4),
    created_at: createdAt,
  };
}

const loadedTables = [
  "payment",
  "payment_cancel",
  "payment_event",
  "approval_timing",
  "van_exchange",
  "ledger_entry",
  "event",
  "webhook_delivery",
  "webhook_attempt",
  "idempotency_key",
  "audit_log",
] as const;

async function loadHistory(client: pg.Client, history: History): Promise<void> {
  await copyRows(client, "payment", paymentRows(history));
  await copyRows(client, "payment_cancel", cancelRows(history));
  await copyRows(client, "payment_event", historyRows(history));
  await copyRows(client, "approval_timing", timingRows(history));
  await copyRows(client, "van_exchange", exchangeRows(history));
  await copyRows(client, "van_orphan", orphanRows(history));
  await copyRows(client, "ledger_entry", ledgerRows(history));
  await copyRows(client, "event", eventRows(history));
  await copyRows(client, "webhook_delivery", deliveryRows(history));
  await copyRows(client, "webhook_attempt", attemptRows(history));
  await copyRows(client, "outbox_message", outboxRows(history));
  await copyRows(client, "dead_letter", letterRows(history));
  await copyRows(client, "idempotency_key", keyRows(history));
  for (const table of ["van_exchange", "event"]) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
    );
  }
}

/** Continues the audit chain with what happened in the past; `audit_append` could only say "now". */
async function appendAudit(client: pg.Client, rows: readonly AuditRow[]): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock($1)", [advisoryLocks.auditChain]);
  await client.query(
    `WITH RECURSIVE entry AS MATERIALIZED (
        SELECT row_number() OVER () AS n, e.* FROM jsonb_to_recordset($1::jsonb)
          AS e (at timestamptz, "actorId" text, action text, "targetType" text, "targetId" text, "ipAddress" text, detail jsonb)
      ), head AS (
        SELECT coalesce((SELECT seq FROM audit_log ORDER BY seq DESC LIMIT 1), 0) AS seq,
          coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), '\\x00'::bytea) AS hash
      ), chain AS (
        SELECT 0::bigint AS n, head.seq AS seq, ''::bytea AS prev, head.hash AS hash FROM head
        UNION ALL
        SELECT e.n, c.seq + 1, c.hash,
          audit_hash(c.hash, c.seq + 1, e.at, 'operator', e."actorId", e.action, e."targetType", e."targetId", 'success', e."ipAddress", e.detail)
        FROM chain c JOIN entry e ON e.n = c.n + 1
      )
      INSERT INTO audit_log (seq, at, actor_type, actor_id, action, target_type, target_id, outcome, ip_address, detail, prev_hash, hash)
      SELECT c.seq, e.at, 'operator', e."actorId", e.action, e."targetType", e."targetId", 'success', e."ipAddress", e.detail, c.prev, c.hash
      FROM chain c JOIN entry e USING (n) ORDER BY c.seq`,
    [JSON.stringify(rows)],
  );
}

function writeVanJournals(env: Env, texts: Readonly<Record<string, string>>): void {
  const directory = join(env.PAYDECK_DATA_DIR, "van");
  mkdirSync(directory, { recursive: true });
  for (const { code } of demoVans) {
    const { journal, seed } = journalPaths(directory, code);
    writeFileAtomic(seed, texts[code] ?? "");
    if (sizeOf(journal) > 0) {
      process.stderr.write(
        `${code} has a journal of its own (${journal}) and will not know the seeded payments; move it away to begin from the seed.\n`,
      );
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
