import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoFile } from "#scripts/supervisor/demo-file.ts";
import { systemActor } from "#server/core/actor.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import { realIds } from "#server/core/ids.ts";
import { verifyPassword } from "#server/operators/password.ts";
import { openPool } from "#server/platform/db.ts";
import { type Env, readEnv } from "#server/platform/env.ts";
import { deriveKeys } from "#server/platform/keys.ts";
import { importFile } from "#server/reconciliation/import-file.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { inPieces } from "#server/testing/daily-files.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";
import { Book } from "#server/van/sandbox/book.ts";
import { Journal, journalPaths } from "#server/van/sandbox/journal.ts";
import { depositFile, sbx1File, sbx2File } from "#server/van/sandbox/settlement-file.ts";
import { sbx1Codec } from "#server/van/sbx1/codec.ts";
import { sbx2Codec } from "#server/van/sbx2/codec.ts";
import { placeOfSecret } from "#server/webhooks/endpoint-secrets.ts";
import { type Seeded, seedDemo } from "./seed-demo.ts";

const secret = "a master secret that is only for this test";
let database: TestDatabase;
let client: pg.Client;
let dataDir: string;
let env: Env;
let seeded: Seeded;
let cpuSeconds: number;
let startedAt: Date;

async function rows<Row = Record<string, unknown>>(
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return (await client.query(text, [...values])).rows as Row[];
}

async function count(text: string): Promise<number> {
  const [row] = await rows<{ count: string }>(`SELECT count(*) FROM (${text}) found`);
  return Number(row?.count);
}

const demoFile = () => JSON.parse(readFileSync(join(dataDir, "demo.json"), "utf8")) as DemoFile;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), "paydeck-seed-"));
  env = readEnv({
    NODE_ENV: "test",
    DATABASE_URL: database.url,
    REDIS_URL: "redis://127.0.0.1:1",
    PAYDECK_SECRET: secret,
    NEXTAUTH_SECRET: secret,
    PAYDECK_METRICS_TOKEN: "a-token-for-this-test",
    PAYDECK_DATA_DIR: dataDir,
    PAYDECK_BASE_URL: "http://127.0.0.1:4000",
    VAN_SBX1_CONTROL_URL: "http://127.0.0.1:4001",
    VAN_SBX2_CONTROL_URL: "http://127.0.0.1:4002",
  });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  startedAt = new Date();
  const before = process.cpuUsage();
  seeded = await seedDemo(env, startedAt);
  const { user, system } = process.cpuUsage(before);
  cpuSeconds = (user + system) / 1_000_000;
}, 180_000);

afterAll(async () => {
  await client?.end();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a seeded demo", () => {
  test("has thirty days of payments and is made in seconds", async () => {
    expect(seeded.did).toBe("planted");
    // Processor time, because a busy machine says nothing about the seed.
    expect(cpuSeconds).toBeLessThan(20);
    const [span] = await rows<{ count: string; days: string; newest: Date }>(
      "SELECT count(*), count(DISTINCT (requested_at AT TIME ZONE 'Asia/Seoul')::date) AS days, max(requested_at) AS newest FROM payment",
    );
    expect(Number(span?.count)).toBeGreaterThanOrEqual(30_000);
    expect(Number(span?.days)).toBeGreaterThanOrEqual(30);
    expect(startedAt.getTime() - (span?.newest.getTime() ?? 0)).toBeLessThan(60_000);
  });

  test("has the mix of outcomes a platform sees", async () => {
    const mix = Object.fromEntries(
      (
        await rows<{ status: string; share: number }>(
          "SELECT status::text, (count(*) * 1.0 / sum(count(*)) OVER ())::float8 AS share FROM payment GROUP BY 1",
        )
      ).map(({ status, share }) => [status, share]),
    );
    const approved = (mix.DONE ?? 0) + (mix.CANCELED ?? 0) + (mix.PARTIAL_CANCELED ?? 0);
    expect(approved).toBeGreaterThan(0.92);
    expect(approved).toBeLessThan(0.95);
    expect(mix.CANCELED).toBeGreaterThan(0.03);
    expect(mix.CANCELED).toBeLessThan(0.05);
    expect(mix.PARTIAL_CANCELED).toBeGreaterThan(0.02);
    expect(mix.PARTIAL_CANCELED).toBeLessThan(0.04);
    expect(mix.ABORTED).toBeGreaterThan(0.05);
    expect(mix.NET_CANCELED).toBeGreaterThan(0.001);
    expect(await count("SELECT 1 FROM payment WHERE failure_code LIKE 'CARD_%' GROUP BY failure_code")).toBe(
      7,
    );
    expect(
      await count("SELECT 1 FROM payment_cancel GROUP BY payment_id HAVING count(*) = 3"),
    ).toBeGreaterThan(0);
    const letters = await rows<{ jobName: string; count: string }>(
      `SELECT job_name AS "jobName", count(*) FROM dead_letter WHERE status = 'PARKED' GROUP BY 1 ORDER BY 1`,
    );
    expect(letters.map(({ jobName }) => jobName)).toEqual([
      "deliver-webhook",
      "net-cancel",
      "recover-cancel",
    ]);
    const parked = letters.reduce((sum, letter) => sum + Number(letter.count), 0);
    expect(parked).toBeGreaterThanOrEqual(10);
    expect(parked).toBeLessThanOrEqual(25);
  });

  test("gives five malls, two VANs, an operator of each role and a second administrator", async () => {
    const demo = demoFile();
    expect(statSync(join(dataDir, "demo.json")).mode & 0o777).toBe(0o600);
    expect(demo.baseUrl).toBe("http://127.0.0.1:4000");
    expect(demo.malls).toHaveLength(5);
    expect(demo.malls.some((mall) => mall.webhookSecret)).toBe(true);
    expect(demo.operators.map(({ role }) => role).sort()).toEqual([
      "ADMIN",
      "ADMIN",
      "AUDITOR",
      "OPERATOR",
      "SETTLEMENT",
      "VIEWER",
    ]);
    expect(demo.vans).toEqual([
      { code: "SBX1", protocol: "HTTP_JSON", controlUrl: "http://127.0.0.1:4001" },
      { code: "SBX2", protocol: "FIXED_LENGTH_TCP", controlUrl: "http://127.0.0.1:4002" },
    ]);
    const keys = deriveKeys(secret);
    for (const { mallId, secretKey, webhookSecret } of demo.malls) {
      expect(secretKey).toMatch(/^sk_test_[A-Za-z0-9]{40}$/);
      expect(
        await count(
          `SELECT 1 FROM api_key WHERE mall_id = '${mallId}' AND key_hash = '\\x${keys.hashSecretKey(secretKey).toString("hex")}'`,
        ),
      ).toBe(1);
      const [endpoint] = await rows<{ id: string; sealed: Buffer }>(
        "SELECT id, secret_sealed AS sealed FROM webhook_endpoint WHERE mall_id = $1",
        [mallId],
      );
      expect(endpoint && keys.unseal(endpoint.sealed, placeOfSecret(endpoint.id))).toBe(webhookSecret);
    }
    for (const { email, password } of demo.operators) {
      expect(password).toMatch(/^[A-Za-z0-9]{16}$/);
      const [operator] = await rows<{ hash: string }>(
        "SELECT password_hash AS hash FROM operator WHERE email = $1",
        [email],
      );
      expect(await verifyPassword(password, operator?.hash ?? "")).toBe(true);
    }
    expect(
      await count(
        "SELECT 1 FROM mall m WHERE (SELECT sum(weight) FROM mall_van_route r WHERE r.mall_id = m.id AND weight > 0) = 100",
      ),
    ).toBe(5);
  });
});

/** What must hold in every database of the platform; each statement finds what breaks it. */
const invariants: Readonly<Record<string, string>> = {
  "the ledger adds up to zero per event":
    "SELECT event_key FROM ledger_entry GROUP BY event_key, currency HAVING sum(amount_minor) <> 0",
  "every approval is in the ledger once": `SELECT p.id FROM payment p WHERE (approved_at IS NOT NULL) <> EXISTS (SELECT 1 FROM ledger_entry l WHERE l.event_key = 'pay:' || p.id || ':approve')`,
  "every successful cancel is in the ledger with its amount": `SELECT c.id FROM payment_cancel c LEFT JOIN ledger_entry l ON l.event_key = 'pay:' || c.payment_id || ':cancel:' || c.id AND l.account = 'mall_payable:' || c.mall_id
    WHERE (c.status = 'SUCCEEDED' AND l.amount_minor IS DISTINCT FROM c.amount_minor) OR (c.status <> 'SUCCEEDED' AND l.id IS NOT NULL)`,
  "cancels add up to what a payment has given back": `SELECT p.id FROM payment p LEFT JOIN payment_cancel c ON c.payment_id = p.id GROUP BY p.id HAVING
    coalesce(sum(c.amount_minor) FILTER (WHERE c.status = 'SUCCEEDED'), 0) <> p.canceled_minor OR coalesce(sum(c.tax_free_minor) FILTER (WHERE c.status = 'SUCCEEDED'), 0) <> p.canceled_tax_free_minor
    OR coalesce(sum(c.amount_minor) FILTER (WHERE c.status IN ('REQUESTED', 'UNKNOWN')), 0) <> p.reserved_minor`,
  "VAT is one eleventh, rounded half up":
    "SELECT id FROM payment WHERE vat_minor <> round((amount_minor - tax_free_minor) / 11.0)",
  "VAT of the cancels of a wholly cancelled payment is its VAT (CX-7)": `SELECT p.id FROM payment p JOIN payment_cancel c ON c.payment_id = p.id AND c.status = 'SUCCEEDED'
    WHERE p.status = 'CANCELED' GROUP BY p.id HAVING sum(c.vat_minor) <> p.vat_minor OR sum(c.tax_free_minor) <> p.tax_free_minor`,
  "a version stands for each change of status": `SELECT p.id FROM payment p JOIN payment_event e ON e.payment_id = p.id GROUP BY p.id
    HAVING p.version <> count(*) FILTER (WHERE e.to_status IS NOT NULL) OR p.version <> max(e.version)`,
  "each step of a timeline begins where the one before ended": `SELECT payment_id FROM (SELECT payment_id, from_status, lag(to_status) OVER (PARTITION BY payment_id ORDER BY id) AS before
    FROM payment_event WHERE to_status IS NOT NULL) step WHERE from_status IS DISTINCT FROM before`,
  "a timeline ends in the payment's status": `SELECT p.id FROM payment p WHERE p.status <> (SELECT e.to_status FROM payment_event e WHERE e.payment_id = p.id AND e.to_status IS NOT NULL ORDER BY id DESC LIMIT 1)`,
  "ids of timelines follow the time":
    "SELECT id FROM (SELECT id, at, lag(at) OVER (ORDER BY id) AS before FROM payment_event) e WHERE at < before",
  "business dates are those of Seoul":
    "SELECT id FROM ledger_entry WHERE business_date <> (created_at AT TIME ZONE 'Asia/Seoul')::date",
  "nothing lies in the future":
    "SELECT id FROM payment_event WHERE at > now() UNION ALL SELECT id FROM webhook_attempt WHERE started_at > now()",
  "the public sequence has no gap":
    "SELECT 1 FROM event HAVING count(*) <> max(sequence) OR min(sequence) <> 1",
  "a payment has one event for what became of it": `SELECT p.id FROM payment p WHERE p.status IN ('DONE', 'ABORTED') AND p.version = 2 AND (SELECT count(*) FROM event e WHERE e.subject_id = p.id) <> 1`,
  "every payment was sent to its VAN":
    "SELECT p.id FROM payment p WHERE NOT EXISTS (SELECT 1 FROM van_exchange x WHERE x.payment_id = p.id AND x.operation = 'APPROVE')",
  "no card number is readable": `SELECT id FROM van_exchange WHERE convert_from(request_bytes, 'LATIN1') ~ '"cardNumber":"[0-9]{7}' OR (van_code = 'SBX2' AND operation = 'APPROVE' AND substr(convert_from(request_bytes, 'LATIN1'), 206, 19) !~ '^[0-9]{6}[*]{6}[0-9]{4} {3}$')`,
  "an unknown payment waits for its net cancel or has a dead letter": `SELECT p.id FROM payment p WHERE p.status = 'UNKNOWN'
    AND NOT EXISTS (SELECT 1 FROM outbox_message m WHERE m.subject_id = p.id AND m.job_name = 'net-cancel' AND m.done_at IS NULL AND m.dead_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = p.id AND d.job_name = 'net-cancel' AND d.status = 'PARKED')`,
  "a pending cancel has a dead letter": `SELECT p.id FROM payment p WHERE p.status = 'CANCEL_PENDING' AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = p.id AND d.job_name = 'recover-cancel' AND d.status = 'PARKED')`,
  "a dead letter was a message that was given up": `SELECT d.id FROM dead_letter d LEFT JOIN outbox_message m USING (job_key) WHERE m.dead_at IS DISTINCT FROM d.parked_at OR m.attempts <> d.attempts`,
  "a parked letter about the VAN shows its last exchange": `SELECT d.id FROM dead_letter d WHERE d.van_code IS NOT NULL AND d.status = 'PARKED' AND d.van_exchange_id IS DISTINCT FROM (SELECT max(x.id) FROM van_exchange x WHERE x.payment_id = d.payment_id)`,
  "a delivery ended as its last try did": `SELECT d.id FROM webhook_delivery d JOIN LATERAL (SELECT * FROM webhook_attempt a WHERE a.delivery_id = d.id ORDER BY id DESC LIMIT 1) a ON true
    WHERE d.attempts <> a.attempt OR (d.status = 'DELIVERED') <> (a.response_status = 200) OR (d.status = 'DEAD') <> (a.attempt = 10)`,
  "every event of a listening mall is delivered": `SELECT e.id FROM event e JOIN webhook_endpoint w ON w.mall_id = e.mall_id AND e.occurred_at > w.created_at WHERE NOT EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.event_id = e.id)`,
  "operators' cancels are in the audit log": `SELECT c.id FROM payment_cancel c WHERE c.origin = 'CONSOLE' AND NOT EXISTS (SELECT 1 FROM audit_log a WHERE a.target_id = c.payment_id AND a.actor_id = c.actor_id AND a.detail->>'cancelId' = c.id)`,
  "the audit chain is whole": "SELECT 1 WHERE audit_verify() IS NOT NULL",
  "the minute histograms count every answered payment":
    "SELECT 1 WHERE (SELECT sum(count) FROM latency_minute) <> (SELECT count(*) FROM payment WHERE answered_at IS NOT NULL)",
};

describe("in the seeded database", () => {
  test.each(Object.entries(invariants))("%s", async (_promise, statement) => {
    expect(await rows(`${statement} LIMIT 3`)).toEqual([]);
  });

  test("kept answers of VANs can be read, and name the payment they are about", async () => {
    const sample = await rows<{
      vanCode: string;
      operation: "APPROVE" | "CANCEL" | "NET_CANCEL" | "INQUIRY";
      bytes: Buffer;
      traceNo: string;
      orderId: string;
      code: string;
      approvalNo: string | null;
    }>(
      `SELECT x.van_code AS "vanCode", x.operation::text, x.response_bytes AS bytes, x.trace_no AS "traceNo", p.order_id AS "orderId", x.response_code AS code, p.approval_no AS "approvalNo"
        FROM van_exchange x JOIN payment p ON p.id = x.payment_id WHERE x.response_code IS NOT NULL AND (x.id % 10 = 0 OR x.operation <> 'APPROVE')`,
    );
    expect(sample.length).toBeGreaterThan(3_000);
    for (const { vanCode, operation, bytes, traceNo, orderId, code, approvalNo } of sample) {
      const reply = (vanCode === "SBX1" ? sbx1Codec : sbx2Codec).decode(operation, bytes);
      expect(reply).toMatchObject({ traceNo, orderId, responseCode: code });
      if (operation === "APPROVE" && approvalNo) expect(reply?.approvalNo).toBe(approvalNo);
    }
  });
});

describe("the books of the sandbox VANs", () => {
  test.each(["SBX1", "SBX2"])("%s knows every approval and cancel of the database", async (code) => {
    const book = new Book(code);
    const journal = await Journal.open(journalPaths(join(dataDir, "van"), code), {
      apply: (line) => book.apply(line),
      warn: (text) => expect.fail(text),
      onBroken: (error) => expect.fail(String(error)),
    });
    await journal.close();
    const payments = await rows<{
      traceNo: string;
      status: string;
      amount: string;
      canceled: string;
      approvalNo: string | null;
      isApproved: boolean;
      openCancel: boolean;
    }>(
      `SELECT trace_no AS "traceNo", status::text, amount_minor AS amount, canceled_minor AS canceled, approval_no AS "approvalNo", approved_at IS NOT NULL AS "isApproved", reserved_minor > 0 AS "openCancel" FROM payment WHERE van_code = $1`,
      [code],
    );
    for (const payment of payments) {
      const approval = book.approvals.get(payment.traceNo);
      if (payment.isApproved) {
        expect(approval?.line).toMatchObject({
          result: "APPROVED",
          amount: Number(payment.amount),
          approvalNo: payment.approvalNo,
        });
        expect(approval?.netCanceledAt).toBeNull();
        if (!payment.openCancel) expect(approval?.canceled).toBe(Number(payment.canceled));
      } else if (payment.status === "NET_CANCELED") {
        // Reversed, or never seen: nobody is charged either way.
        expect(approval === undefined || approval.netCanceledAt !== null).toBe(true);
      } else if (payment.status === "ABORTED") {
        expect(approval?.line.result).not.toBe("APPROVED");
      }
    }
    const cancels = await rows<{ traceNo: string; status: string }>(
      `SELECT c.trace_no AS "traceNo", c.status::text FROM payment_cancel c JOIN payment p ON p.id = c.payment_id WHERE p.van_code = $1 AND c.status IN ('SUCCEEDED', 'FAILED')`,
      [code],
    );
    for (const { traceNo, status } of cancels)
      expect(book.cancels.get(traceNo)?.result).toBe(status === "SUCCEEDED" ? "CANCELED" : "REFUSED");
  });

  test("reconciles with its VANs: what differs is what a person is to see", async () => {
    const pool = openPool(database.url, {
      name: "seed-recon",
      connectionsMax: 2,
      statementTimeoutMs: 60_000,
    });
    const ctx = { sql: pool, reports: pool, batches: pool, ids: realIds, now: () => startedAt };
    try {
      for (const code of ["SBX1", "SBX2"] as const) {
        const book = new Book(code);
        const journal = await Journal.open(journalPaths(join(dataDir, "van"), code), {
          apply: (line) => book.apply(line),
          warn: (text) => expect.fail(text),
          onBroken: (error) => expect.fail(String(error)),
        });
        await journal.close();
        for (let back = 7; back >= 1; back--) {
          const businessDate = addDays(businessDateOf(startedAt), -back);
          const file = { vanCode: code, businessDate, actor: systemActor, traceId: null } as const;
          const bytes = code === "SBX1" ? sbx1File(book, businessDate) : sbx2File(book, businessDate);
          await importFile(ctx, { ...file, kind: "VAN", bytes: inPieces(bytes) });
          const paid = depositFile(book, code, businessDate, code === "SBX1" ? 1_500 : 1_700);
          await importFile(ctx, { ...file, kind: "DEPOSIT", bytes: inPieces(paid) });
        }
      }
    } finally {
      await pool.close();
    }
    const [days] = await rows<{ records: string; matched: string }>(
      "SELECT sum(record_count) AS records, sum(matched_count) AS matched FROM recon_day",
    );
    expect(Number(days?.records)).toBeGreaterThan(3_000);
    // What is still open in the demo is open here; everything else agrees, and nothing is an orphan.
    expect(
      await rows(
        "SELECT DISTINCT class, reason, payment_id IS NOT NULL AS ours FROM recon_item WHERE state <> 'EXPLAINED' AND (class, reason) <> ('STATUS_DIFF', 'OUTCOME_OPEN')",
      ),
    ).toEqual([]);
    expect(Number(days?.records) - Number(days?.matched)).toBeLessThan(30);
    expect(await count("SELECT 1 FROM van_orphan WHERE source = 'van_file'")).toBe(0);
  });
});

describe("seeding again", () => {
  const fingerprint = () =>
    rows(`SELECT (SELECT count(*) FROM payment) AS payments, (SELECT max(id) FROM payment_event) AS events, (SELECT count(*) FROM api_key) AS keys,
      (SELECT string_agg(password_hash, ',' ORDER BY id) FROM operator) AS passwords, (SELECT xmin::text FROM van WHERE code = 'SBX1') AS van`);

  test("changes nothing", async () => {
    const [before, demo] = [await fingerprint(), demoFile()];
    expect(await seedDemo(env)).toEqual({ did: "nothing" });
    expect(await fingerprint()).toEqual(before);
    expect(demoFile()).toEqual(demo);
  });

  test("brings the addresses in demo.json up to date and keeps its keys", async () => {
    const [before, demo] = [await fingerprint(), demoFile()];
    const moved = {
      ...env,
      PAYDECK_BASE_URL: "http://127.0.0.1:5000",
      VAN_SBX2_CONTROL_URL: "http://127.0.0.1:5002",
    };
    expect(await seedDemo(moved)).toEqual({ did: "refreshed" });
    expect(demoFile()).toEqual({
      ...demo,
      baseUrl: "http://127.0.0.1:5000",
      vans: [demo.vans[0], { ...demo.vans[1], controlUrl: "http://127.0.0.1:5002" }],
    });
    expect(await fingerprint()).toEqual(before);
  });

  test("gives new keys when demo.json is lost, and the old ones end", async () => {
    const demo = demoFile();
    rmSync(join(dataDir, "demo.json"));
    expect(await seedDemo(env)).toEqual({ did: "renewed" });
    expect(existsSync(join(dataDir, "demo.json"))).toBe(true);
    const renewed = demoFile();
    expect(
      renewed.malls
        .map(({ mallId, webhookSecret }) => ({ mallId, webhookSecret }))
        .sort((a, b) => a.mallId.localeCompare(b.mallId)),
    ).toEqual(
      demo.malls
        .map(({ mallId, webhookSecret }) => ({ mallId, webhookSecret }))
        .sort((a, b) => a.mallId.localeCompare(b.mallId)),
    );
    const keys = deriveKeys(secret);
    const active = await rows<{ hash: Buffer }>(
      "SELECT key_hash AS hash FROM api_key WHERE revoked_at IS NULL",
    );
    expect(new Set(active.map(({ hash }) => hash.toString("hex")))).toEqual(
      new Set(renewed.malls.map(({ secretKey }) => keys.hashSecretKey(secretKey).toString("hex"))),
    );
    const [operator] = renewed.operators;
    const [row] = await rows<{ hash: string }>(
      "SELECT password_hash AS hash FROM operator WHERE email = $1",
      [operator?.email],
    );
    expect(await verifyPassword(operator?.password ?? "", row?.hash ?? "")).toBe(true);
  });

  test("history ends on the business date of the seeding", async () => {
    const [newest] = await rows<{ at: Date }>("SELECT max(requested_at) AS at FROM payment");
    expect([businessDateOf(startedAt), businessDateOf(new Date(startedAt.getTime() - 60_000))]).toContain(
      businessDateOf(newest?.at ?? new Date(0)),
    );
  });
});
