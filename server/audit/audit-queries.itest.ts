import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFilterSchema } from "#server/audit/audit.schemas.ts";
import {
  countAudit,
  readAuditChoices,
  readAuditEntry,
  searchAudit,
  verifyAuditChain,
} from "#server/audit/audit-queries.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { type Db, openDb, openPool, type SqlPool } from "#server/platform/db.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";

let database: TestDatabase;
let db: Db;
let sql: SqlPool;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDb(database.url, 2, 15_000);
  sql = openPool(database.url, { name: "test", connectionsMax: 1, connectTimeoutMs: 15_000 });
  await db.operator.create({
    data: { id: "op_1", email: "operator@example.com", name: "박지영", role: "OPERATOR", passwordHash: "-" },
  });
  for (let n = 1; n <= 7; n++) {
    await recordAudit(db, {
      actor: n % 2 === 0 ? { type: "system", id: "system" } : { type: "operator", id: "op_1" },
      action: n % 3 === 0 ? "payment.cancel_requested" : "session.signed_in",
      target: { type: "payment", id: `pay_${n}` },
      outcome: n === 5 ? "refused" : "success",
      ipAddress: "203.0.113.7",
      detail: { before: { status: "DONE" }, after: { status: "CANCELED" }, amountMinor: 48_000n },
    });
  }
});

afterAll(async () => {
  await db.$disconnect();
  await sql.close();
  await database.drop();
});

const all = auditFilterSchema.parse({});

test("pages newest first without gaps or repeats, and counts the whole filter", async () => {
  const seen: bigint[] = [];
  let before: bigint | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchAudit>> = await searchAudit(db, {
      filter: all,
      limit: 3,
      cursor: before,
    });
    seen.push(...page.entries.map((entry) => entry.seq));
    before = page.nextCursor;
  } while (before !== null);
  expect(seen).toEqual([7n, 6n, 5n, 4n, 3n, 2n, 1n]);
  expect(await countAudit(db, all)).toBe(7);
});

test.each([
  [{ actor: ["op_1"] }, [7n, 5n, 3n, 1n]],
  [{ action: ["payment.cancel_requested"] }, [6n, 3n]],
  [{ outcome: ["refused" as const] }, [5n]],
  [{ target: "pay_4" }, [4n]],
  [{ contains: "48000" }, [7n, 6n, 5n, 4n, 3n, 2n, 1n]],
  [{ contains: "PAY_4" }, [4n]],
  [{ contains: "pay%4" }, []],
  [{ contains: "canceled", actor: ["op_1"], outcome: ["refused" as const] }, [5n]],
  [{ from: new Date(Date.now() + 60_000) }, []],
  [{ to: new Date(0) }, []],
])("finds by %o", async (filter, expected) => {
  const { entries } = await searchAudit(db, { filter: { ...all, ...filter }, limit: 50 });
  expect(entries.map((entry) => entry.seq)).toEqual(expected);
  expect(await countAudit(db, { ...all, ...filter })).toBe(expected.length);
});

test("names the operator and shows what was before and after", async () => {
  expect(await readAuditEntry(db, 1n)).toMatchObject({
    actorName: "박지영",
    detail: { before: { status: "DONE" }, after: { status: "CANCELED" }, amountMinor: "48000" },
    prevHash: "00",
  });
  expect(await readAuditEntry(db, 99n)).toBeUndefined();
  expect(await readAuditChoices(db)).toEqual({
    actors: [
      { id: "op_1", type: "operator", name: "박지영" },
      { id: "system", type: "system", name: null },
    ],
    actions: ["payment.cancel_requested", "session.signed_in"],
  });
});

test("says the first entry that somebody changed behind the guards", async () => {
  expect(await verifyAuditChain(sql, new Date())).toMatchObject({ brokenAtSeq: null, entries: 7n });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await expect(client.query("UPDATE audit_log SET actor_id = 'op_2' WHERE seq = 4")).rejects.toThrow(
    "append-only",
  );
  await client.query("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only");
  await client.query("UPDATE audit_log SET actor_id = 'op_2' WHERE seq = 4");
  await client.end();
  expect(await verifyAuditChain(sql, new Date())).toMatchObject({ brokenAtSeq: 4n, entries: 7n });
});
