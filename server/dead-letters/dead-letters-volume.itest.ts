import { afterAll, beforeAll, expect, test } from "vitest";
import { deadLetterFilterSchema } from "#server/dead-letters/dead-letter.schemas.ts";
import {
  findForRedrive,
  searchDeadLetters,
  summarizeDeadLetters,
} from "#server/dead-letters/dead-letter-queries.ts";
import { freezeRedrive } from "#server/dead-letters/freeze-redrive.ts";
import { listRedriveRuns, readRedriveRun } from "#server/dead-letters/redrive-run-queries.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { runItemsMax } from "#server/work-runs/work-run.values.ts";

// A day on which everything failed, on top of a year of letters that were resolved.

const lettersCount = 100_000;
const atOnce = 5_000;
/** What a page may take on an idle machine is 150 ms; the suite's machine is never idle. */
const generousMs = 1_500;

let world: TestWorld;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (let from = 1; from <= lettersCount; from += atOnce)
    await world.rows(
      `INSERT INTO dead_letter (id, status, job_name, job_key, payload, subject_id, mall_id, van_code, amount_minor, reason_class, first_error, last_error,
         attempts, deadline_at, parked_at, resolved_at)
       SELECT 'dl_' || lpad(n::text, 26, '0'), (CASE WHEN n % 2 = 0 THEN 'PARKED' ELSE 'RESOLVED' END)::dead_letter_status,
         (ARRAY['net-cancel', 'recover-cancel', 'deliver-webhook'])[1 + n % 3], 'net-cancel:' || n, '{}', 's' || n, $3, 'SBX' || (1 + n % 2), n,
         (ARRAY['VAN_TIMEOUT', 'VAN_UNREACHABLE', 'WEBHOOK_STATUS', 'INTERNAL'])[1 + n % 4], 'e', 'no answer within 2000 ms', 6,
         CASE WHEN n % 5 = 0 THEN now() + (n % 7200 - 3600) * interval '1 second' END, now() - n * interval '7 seconds',
         CASE WHEN n % 2 = 1 THEN now() END
       FROM generate_series($1::int, $2::int) AS n`,
      [from, from + atOnce - 1, world.mallId],
    );
  await world.rows("ANALYZE dead_letter");
}, 120_000);
afterAll(() => world.close());

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  await work();
  const startedMs = performance.now();
  const result = await work();
  return { result, ms: Math.round(performance.now() - startedMs) };
}

const parked = deadLetterFilterSchema.parse({});

test("with a hundred thousand letters the list, its facets and a frozen set answer in time", async () => {
  const { db } = world.ctx;
  const now = new Date();
  const first = await timed(() => searchDeadLetters(db, { filter: parked, sort: "urgent", limit: 100 }, now));
  const cursor = first.result.nextCursor;
  if (!cursor) throw new Error("there is a second page");
  const second = await timed(() =>
    searchDeadLetters(db, { filter: parked, sort: "urgent", limit: 100, cursor }, now),
  );
  const history = await timed(() =>
    searchDeadLetters(
      db,
      { filter: { ...parked, status: ["PARKED", "RESOLVED"] }, sort: "urgent", limit: 100 },
      now,
    ),
  );
  const facets = await timed(() => summarizeDeadLetters(db, parked, now));
  const frozen = await timed(() => findForRedrive(db, { filter: parked }, now, runItemsMax));
  expect(facets.result.count).toBe(lettersCount / 2);
  expect(frozen.result).toMatchObject({ matching: lettersCount / 2 });
  expect(frozen.result.ids).toHaveLength(runItemsMax);
  const run = await timed(() =>
    freezeRedrive(world.ctx, {
      selection: { kind: "filter", filter: parked },
      operatorId: "op_1",
      traceId: "t",
    }),
  );
  const read = await timed(() => readRedriveRun(db, run.result.id));
  await world.rows(
    `UPDATE work_run SET status = 'FINISHED', reason = 'x', started_by = 'op_1', started_at = now(), items_per_second = 5`,
  );
  const runs = await timed(() => listRedriveRuns(db, { limit: 20 }));
  expect(read.result?.itemCount).toBe(runItemsMax);
  const ms = {
    first: first.ms,
    second: second.ms,
    history: history.ms,
    facets: facets.ms,
    frozen: frozen.ms,
    freeze: run.ms,
    read: read.ms,
    runs: runs.ms,
  };
  for (const [name, took] of Object.entries(ms))
    expect(took, `${name} of ${JSON.stringify(ms)}`).toBeLessThan(generousMs);
  if (process.env.PAYDECK_SHOW_TIMES === "1") process.stdout.write(`${JSON.stringify(ms)}\n`);
}, 120_000);

test("every letter is on exactly one page", async () => {
  const { db } = world.ctx;
  const filter = { ...parked, reason: ["INTERNAL" as const], job: ["net-cancel" as const] };
  const now = new Date();
  const seen: string[] = [];
  let cursor: Awaited<ReturnType<typeof searchDeadLetters>>["nextCursor"] = null;
  do {
    const page: Awaited<ReturnType<typeof searchDeadLetters>> = await searchDeadLetters(
      db,
      { filter, sort: "urgent", limit: 100, ...(cursor && { cursor }) },
      now,
    );
    seen.push(...page.letters.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor && seen.length < 2_000);
  expect(new Set(seen).size).toBe(seen.length);
  const whole = await findForRedrive(db, { filter }, now, runItemsMax);
  expect(whole.ids.slice(0, seen.length)).toEqual(seen);
}, 120_000);
