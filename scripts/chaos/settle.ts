import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { newTraceId } from "#server/core/ids.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { asPlatform } from "./own-verifier.ts";
import type { Platform } from "./start-platform.ts";

/** What a run that has come to rest had to be helped with. */
export type Rest = Readonly<{
  /** What is still open; all zero when the platform came to rest. */
  open: Open;
  tookMs: number;
  /** Webhooks whose next try was hours away by the schedule, and was brought forward. */
  webhooksHurried: number;
}>;
type Open = Readonly<{
  payments: number;
  cancels: number;
  orphans: number;
  jobs: number;
  unnumbered: number;
}>;

const askEveryMs = 1_000;
const lettersPerCommit = 50;

/**
 * Waits until nothing is under way: no unresolved payment or cancel, no job that is due some day. Webhooks wait for up to
 * a day after a failed try; their hour is brought forward here, which changes when they are sent and nothing else.
 */
export async function bringToRest(
  { databaseUrl }: Platform,
  options: { patienceMs: number; say: (text: string) => void; signal: AbortSignal },
): Promise<Rest> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const begunAtMs = Date.now();
  let webhooksHurried = 0;
  let toldAtMs = begunAtMs;
  try {
    for (;;) {
      const open = await readOpen(client);
      const tookMs = Date.now() - begunAtMs;
      const isOver = Object.values(open).every((count) => count === 0);
      if (isOver || tookMs > options.patienceMs || options.signal.aborted)
        return { open, tookMs, webhooksHurried };
      const { rowCount } = await client.query(
        `UPDATE outbox_message SET available_at = now(), published_at = NULL
          WHERE job_name = 'deliver-webhook' AND done_at IS NULL AND dead_at IS NULL AND available_at > now() + interval '10 seconds'
            AND (locked_until IS NULL OR locked_until < now())`,
      );
      webhooksHurried += rowCount ?? 0;
      if (Date.now() - toldAtMs >= 10_000) {
        toldAtMs = Date.now();
        options.say(`coming to rest: ${describeOpen(open)}`);
      }
      await sleep(askEveryMs);
    }
  } finally {
    await client.end();
  }
}

/** What is open, in words. */
export function describeOpen(open: Open): string {
  const words = Object.entries(open).flatMap(([what, count]) => (count > 0 ? `${count} ${what}` : []));
  return words.join(", ") || "nothing is open";
}

async function readOpen(client: pg.Client): Promise<Open> {
  const { rows } = await client.query<Open>(
    `SELECT (SELECT count(*)::int FROM payment WHERE status IN ('READY', 'IN_PROGRESS', 'UNKNOWN', 'CANCEL_PENDING')
        AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = payment.id AND d.status = 'PARKED')) AS payments,
      (SELECT count(*)::int FROM payment_cancel c WHERE c.status IN ('REQUESTED', 'UNKNOWN')
        AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = c.payment_id AND d.status = 'PARKED')) AS cancels,
      (SELECT count(*)::int FROM van_orphan o WHERE o.state = 'OPEN'
        AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.payment_id = o.payment_id AND d.status = 'PARKED')) AS orphans,
      (SELECT count(*)::int FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL AND job_name <> 'deliver-webhook') AS recoveries,
      (SELECT count(*)::int FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL AND job_name = 'deliver-webhook') AS webhooks,
      (SELECT count(*)::int FROM event WHERE sequence IS NULL) AS unnumbered`,
  );
  const [open] = rows;
  if (!open) throw new Error("an aggregate answers one row");
  return open;
}

/** Sends every parked dead letter to work once, as an operator would from the console. Answers how many there were. */
export function redriveAll(platform: Platform): Promise<number> {
  return asPlatform(platform, async (runtime) => {
    const parked = await runtime.sql.run<{ id: string }>(
      { name: "chaos-parked", text: "SELECT id FROM dead_letter WHERE status = 'PARKED' ORDER BY parked_at" },
      [],
    );
    const ids = parked.map(({ id }) => id);
    for (let start = 0; start < ids.length; start += lettersPerCommit) {
      const some = ids.slice(start, start + lettersPerCommit);
      await runtime.sql.transaction((sql) =>
        redriveDeadLetters(sql, some, {
          reason: "every fault is over",
          actor: { type: "operator", id: "op_chaos" },
          traceId: newTraceId(),
          gapMs: 0,
        }),
      );
    }
    return ids.length;
  });
}
