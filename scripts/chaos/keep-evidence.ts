import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Check } from "./referee.ts";
import type { Platform } from "./start-platform.ts";

const subjectsMax = 40;

/** Keeps what it takes to find out why a run failed: all rows about the payments in question, the VANs' books and the logs. */
export async function keepEvidence(
  { databaseUrl, dataDir }: Platform,
  checks: readonly Check[],
  directory: string,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const part of ["logs", "van"]) {
    if (existsSync(join(dataDir, part)))
      cpSync(join(dataDir, part), join(directory, part), { recursive: true });
  }
  const subjects = new Set(
    checks.flatMap(({ findings }) => findings.slice(0, subjectsMax).map(({ subject }) => subject)),
  );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const stories: Record<string, object> = {};
    for (const subject of subjects) stories[subject] = await tellStory(client, subject);
    writeFileSync(join(directory, "payments.json"), `${JSON.stringify(stories, null, 1)}\n`);
  } finally {
    await client.end();
  }
}

const tables = {
  payment: "id = ANY($1)",
  payment_cancel: "payment_id = ANY($1)",
  payment_event: "payment_id = ANY($1)",
  van_orphan: "payment_id = ANY($1)",
  idempotency_key: "payment_id = ANY($1)",
  ledger_entry: "payment_id = ANY($1)",
  outbox_message: "subject_id = ANY($1)",
  dead_letter: "payment_id = ANY($1)",
  event: "subject_id = ANY($1)",
  webhook_delivery: "subject_id = ANY($1)",
} as const;

/** Every row about a payment, or about all payments of an order. */
async function tellStory(client: pg.Client, subject: string): Promise<object> {
  const { rows: found } = await client.query<{ id: string }>(
    "SELECT id FROM payment WHERE id = $1 OR order_id = split_part($1, ' ', 1)",
    [subject],
  );
  const ids = found.map(({ id }) => id);
  const story: Record<string, unknown> = {};
  for (const [table, where] of Object.entries(tables)) {
    story[table] = (await client.query(`SELECT * FROM ${table} WHERE ${where}`, [ids])).rows;
  }
  const { rows: exchanges } = await client.query(
    `SELECT id, van_code, operation, cancel_id, trace_no, outcome, response_code, error, started_at, duration_ms
      FROM van_exchange WHERE payment_id = ANY($1) ORDER BY id`,
    [ids],
  );
  return { ...story, van_exchange: exchanges };
}
