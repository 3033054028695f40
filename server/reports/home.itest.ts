import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { endOfBusinessDate, startOfBusinessDate } from "#server/core/business-date.ts";
import { deadLetterFilterSchema } from "#server/dead-letters/dead-letter.schemas.ts";
import { searchDeadLetters } from "#server/dead-letters/dead-letter-queries.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import { paymentFilterSchema } from "#server/payments/payment-search.schemas.ts";
import { searchPayments, summarizePayments } from "#server/payments/search-payments.ts";
import { unresolvedFilterSchema } from "#server/payments/unresolved.schemas.ts";
import { closingWithinMs } from "#server/payments/unresolved.values.ts";
import {
  countUnresolved,
  searchUnresolved,
  summarizeUnresolved,
} from "#server/payments/unresolved-queries.ts";
import {
  daysStatement,
  type InboxFilter,
  type ListFilter,
  readHomeAttention,
  readHomeFigures,
  type UnknownOfVan,
} from "#server/reports/home-queries.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterEach(async () => {
  // What a test lays must not be counted by the next one.
  for (const table of ["payment_cancel", "payment", "dead_letter", "incident", "van_circuit"])
    await world.rows(`DELETE FROM ${table}`);
  await world.rows(
    "UPDATE van SET is_enabled = true, stopped_at = NULL, stopped_by = NULL, stopped_reason = NULL",
  );
});
afterAll(() => world.close());

/** Thursday 14:30 in Seoul; a week before, and the bounds of both days. */
const now = new Date("2026-11-26T05:30:00.000Z");
const minute = 60_000;
const hour = 60 * minute;
const week = 7 * 24 * hour;
const dayStart = startOfBusinessDate("2026-11-26");
const earlier = (at: Date, ms: number) => new Date(at.getTime() - ms);
const aWeekAgo = earlier(now, week);

let serial = 0;
/** Lays one payment as it stands; the state machine has no part in it. */
async function layPayment(
  at: Date,
  status: PaymentStatus = "DONE",
  amountMinor = 10_000n,
  vanCode = "SBX1",
): Promise<string> {
  serial += 1;
  const id = `pay_${String(serial).padStart(26, "0")}`;
  const isApproved = ["DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"].includes(status);
  const canceled = status === "CANCELED" ? amountMinor : status === "PARTIAL_CANCELED" ? 1_000n : 0n;
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, tax_free_minor, vat_minor, status, van_code, trace_no,
        approval_no, card_bin, card_last4, canceled_minor, lease_until, requested_at, approved_at, trace_id)
      VALUES ($1, $2, $3, '책', 'CARD', $4, 0, 0, $5::payment_status, $6, $3, $7, '433012', '1234', $8, now(), $9, $10, 'trace')`,
    [
      id,
      world.mallId,
      `HOME-${serial}`,
      amountMinor,
      status,
      vanCode,
      isApproved ? String(serial) : null,
      canceled,
      at,
      isApproved ? at : null,
    ],
  );
  return id;
}

async function layCancel(
  paymentId: string,
  at: Date,
  { status = "SUCCEEDED", origin = "API", amountMinor = 1_000n } = {},
): Promise<void> {
  serial += 1;
  await world.rows(
    `INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor,
        balance_before_minor, reason, trace_no, lease_until, requested_at, completed_at, trace_id)
      VALUES ($1, $2, $3, $4::cancel_status, $5::origin, 'mall', $6, 0, 0, 10000, '변심', $1, now(), $7, $8, 'trace')`,
    [
      `cxl_${String(serial).padStart(26, "0")}`,
      paymentId,
      world.mallId,
      status,
      origin,
      amountMinor,
      at,
      status === "SUCCEEDED" ? at : null,
    ],
  );
}

async function layDeadLetter(deadlineAt: Date | null = null): Promise<void> {
  serial += 1;
  await world.rows(
    `INSERT INTO dead_letter (id, job_name, job_key, payload, subject_id, reason_class, first_error, last_error, attempts, deadline_at)
      VALUES ($1, 'net-cancel', $1, '{}', $1, 'VAN_TIMEOUT', 'e', 'e', 3, $2)`,
    [`dl_${serial}`, deadlineAt],
  );
}

const figures = () => readHomeFigures(world.ctx, now);
const attention = () => readHomeAttention(world.ctx.reports, now);
const clock = () => ({ ...world.ctx, now: () => now });
/** How many payments the list behind a figure holds: by its count, and by reading it. */
async function countOfList(list: ListFilter) {
  const filter = paymentFilterSchema.parse(list);
  const summary = await summarizePayments(clock(), { filter, exact: true });
  const page = await searchPayments(clock(), { filter, sort: "-requestedAt", cursor: null, limit: 200 });
  expect(page.rows).toHaveLength(summary.count);
  return { ...summary, rows: page.rows };
}

/** What the inbox behind a figure holds, the longest unknown first. */
async function inboxOf(inbox: InboxFilter) {
  const filter = unresolvedFilterSchema.parse(inbox);
  const { rows } = await searchUnresolved(world.ctx.db, { filter, limit: 100 }, now);
  expect((await summarizeUnresolved(world.ctx.db, filter, now)).count).toBe(rows.length);
  return rows.map(({ paymentId }) => paymentId);
}

describe("the figures of an empty database", () => {
  test("are zeros, and a rate of nothing is none", async () => {
    const home = await figures();
    expect(home.approvals).toMatchObject({ count: 0, countBefore: 0 });
    expect(home.amount).toMatchObject({ amountMinor: 0n, amountBeforeMinor: 0n });
    expect(home.approvalRate).toMatchObject({ rate: null, rateBefore: null, unapproved: 0 });
    expect(home.cancels).toMatchObject({ count: 0, countBefore: 0, amountMinor: 0n });
    expect(home.parkedDeadLetters).toBe(0);
    expect(home.oldestUnresolved).toBeNull();
    expect(home.unresolvedHandedOver).toBe(0);
    expect(await countUnresolved(world.ctx.db, now)).toBe(0);
    // Until the day that it is in Seoul.
    expect(home.payouts).toEqual({
      count: 0,
      payoutMinor: 0n,
      list: { state: ["DRAFT", "CONFIRMED"], payoutTo: "2026-11-26" },
      next: null,
    });
    expect((await readHomeFigures(world.ctx, dayStart)).payouts.list.payoutTo).toBe("2026-11-26");
    expect(home.hours.map(({ today }) => today)).toEqual([
      ...Array.from({ length: 15 }, () => 0),
      ...Array.from({ length: 9 }, () => null),
    ]);
  });

  test("leave nothing to see to", async () => {
    expect(await attention()).toEqual({
      asOf: now,
      closing: [],
      passed: [],
      deadLetters: { count: 0, nextDeadlineAt: null },
      incidents: { count: 0, worst: null },
      vans: [],
    });
  });
});

describe("the comparison with the same weekday", () => {
  test("ends at the same time of day: what came later last week does not count yet", async () => {
    await layPayment(earlier(now, minute), "DONE", 30_000n);
    await layPayment(earlier(aWeekAgo, 1), "DONE", 7_000n);
    await layPayment(aWeekAgo, "DONE", 100n);
    await layPayment(new Date(aWeekAgo.getTime() + hour), "DONE", 100n);
    const home = await figures();
    expect(home.approvals).toMatchObject({ count: 1, countBefore: 1 });
    expect(home.amount).toMatchObject({ amountMinor: 30_000n, amountBeforeMinor: 7_000n });
    expect(home.comparedTo).toEqual(aWeekAgo);
  });

  test("begins at midnight in Seoul", async () => {
    await layPayment(dayStart);
    await layPayment(earlier(dayStart, 1));
    await layPayment(earlier(dayStart, week));
    await layPayment(earlier(dayStart, week + 1));
    expect((await figures()).approvals).toMatchObject({ count: 1, countBefore: 1 });
  });

  test("at midnight itself has nothing on either side", async () => {
    await layPayment(earlier(dayStart, 1));
    await layPayment(earlier(dayStart, week));
    const home = await readHomeFigures(world.ctx, dayStart);
    expect(home.approvals).toMatchObject({ count: 0, countBefore: 0 });
    expect(home.hours[0]).toEqual({ hour: 0, today: 0, before: 1, beforeSoFar: 0 });
    expect(home.hours[1]?.today).toBeNull();
  });

  test("by the hour shows the whole day of last week, and the running hour also as far as today has come", async () => {
    await layPayment(new Date("2026-11-26T05:10:00Z"));
    await layPayment(new Date("2026-11-26T05:20:00Z"), "ABORTED");
    await layPayment(new Date("2026-11-19T05:29:00Z"));
    await layPayment(new Date("2026-11-19T05:31:00Z"));
    await layPayment(new Date("2026-11-19T14:59:59Z"));
    const { hours } = await figures();
    expect(hours[14]).toEqual({ hour: 14, today: 1, before: 2, beforeSoFar: 1 });
    expect(hours[23]).toEqual({ hour: 23, today: null, before: 1, beforeSoFar: 0 });
    expect(hours).toHaveLength(24);
  });
});

describe("a figure is what its list shows", () => {
  test("approvals and their amount: cancelled ones were approved, refused and unknown ones were not", async () => {
    const at = earlier(now, hour);
    for (const status of ["DONE", "CANCELED", "PARTIAL_CANCELED", "CANCEL_PENDING"] as const)
      await layPayment(at, status, 12_000n);
    for (const status of ["ABORTED", "UNKNOWN", "NET_CANCELED", "IN_PROGRESS"] as const)
      await layPayment(at, status);
    const home = await figures();
    expect(home.approvals.count).toBe(4);
    expect(home.approvalRate).toMatchObject({ rate: 4 / 7, unapproved: 3 });
    const list = await countOfList(home.approvals.list);
    expect(list.count).toBe(4);
    expect((await countOfList(home.amount.list)).totals).toMatchObject([
      { count: 4, amountMinor: home.amount.amountMinor },
    ]);
    expect((await countOfList(home.approvalRate.list)).count).toBe(home.approvalRate.unapproved);
  });

  test("cancels: payments of any day, each once, by when the cancel succeeded", async () => {
    const old = await layPayment(earlier(now, 3 * week), "PARTIAL_CANCELED");
    await layCancel(old, earlier(now, hour));
    await layCancel(old, earlier(now, minute), { amountMinor: 500n });
    await layCancel(await layPayment(earlier(now, hour)), earlier(now, minute), { status: "FAILED" });
    await layCancel(await layPayment(earlier(now, hour), "NET_CANCELED"), earlier(now, minute), {
      origin: "NET_CANCEL",
    });
    await layCancel(await layPayment(earlier(now, hour), "CANCELED"), earlier(dayStart, minute));
    await layCancel(await layPayment(earlier(now, 2 * week), "PARTIAL_CANCELED"), earlier(aWeekAgo, minute));
    await layCancel(await layPayment(earlier(now, 2 * week), "PARTIAL_CANCELED"), aWeekAgo);
    const home = await figures();
    expect(home.cancels).toMatchObject({ count: 1, countBefore: 1, amountMinor: 1_500n });
    expect((await countOfList(home.cancels.list)).rows.map(({ id }) => id)).toEqual([old]);
  });

  test("unknown: every outcome that is not known, of any age, as the sidebar counts and the list holds them", async () => {
    const longUnknown = await layPayment(earlier(now, 40 * 24 * hour), "UNKNOWN");
    await layPayment(earlier(now, minute), "UNKNOWN");
    const canceling = await layPayment(earlier(now, hour), "CANCEL_PENDING");
    await layCancel(canceling, earlier(now, minute), { status: "REQUESTED" });
    await layCancel(longUnknown, earlier(now, hour), { status: "UNKNOWN", origin: "NET_CANCEL" });
    const held = await inboxOf({});
    expect(held).toHaveLength(4);
    expect(await countUnresolved(world.ctx.db, now)).toBe(held.length);
    expect(await figures()).toMatchObject({
      oldestUnresolved: { paymentId: longUnknown, since: earlier(now, 40 * 24 * hour) },
      unresolvedHandedOver: 0,
    });
    // The net cancel of the oldest gave up: the approval and its net cancel wait for a person, the others do not.
    await layDeadLetter();
    await world.rows("UPDATE dead_letter SET payment_id = $1", [longUnknown]);
    expect((await figures()).unresolvedHandedOver).toBe(2);
  });

  test("dead letters: the parked ones", async () => {
    await layDeadLetter();
    await layDeadLetter();
    await world.rows(
      "UPDATE dead_letter SET status = 'RESOLVED', resolved_at = now(), resolution = 'r' WHERE id = $1",
      [`dl_${serial}`],
    );
    const filter = deadLetterFilterSchema.parse({});
    const list = await searchDeadLetters(world.ctx.db, { filter, sort: "urgent", limit: 50 }, now);
    expect((await figures()).parkedDeadLetters).toBe(list.letters.length);
    expect(list.letters).toHaveLength(1);
  });
});

test("a cancel that is open has been unresolved since it was asked for, not since its payment", async () => {
  const old = await layPayment(earlier(now, week), "CANCEL_PENDING");
  await layCancel(old, earlier(now, 5 * minute), { status: "REQUESTED" });
  const unknown = await layPayment(earlier(now, hour), "UNKNOWN");
  expect((await figures()).oldestUnresolved).toMatchObject({
    paymentId: unknown,
    since: earlier(now, hour),
  });
});

describe("what needs a person", () => {
  test("tells unknown payments near their deadline from those past it, by VAN, each leading to just these", async () => {
    await world.rows(
      `INSERT INTO van SELECT (jsonb_populate_record(v, '{"code": "SBX2", "net_cancel_deadline_ms": 1800000}')).* FROM van v WHERE code = 'SBX1' ON CONFLICT DO NOTHING`,
    );
    const near = await layPayment(earlier(now, 50 * minute), "UNKNOWN");
    const passedAt70 = await layPayment(earlier(now, 70 * minute), "UNKNOWN");
    const longPassed = await layPayment(earlier(now, 3 * 24 * hour), "UNKNOWN");
    const justPassed = await layPayment(earlier(now, hour), "UNKNOWN");
    const withTime = await layPayment(earlier(now, 10 * minute), "UNKNOWN");
    const atTheEdge = await layPayment(earlier(now, 45 * minute), "UNKNOWN");
    const other = await layPayment(earlier(now, 20 * minute), "UNKNOWN", 5_000n, "SBX2");
    const { closing, passed } = await attention();
    const told = (groups: readonly UnknownOfVan[]) =>
      groups.map(({ vanCode, count, deadlineAt }) => [vanCode, count, deadlineAt]);
    expect(told(closing)).toEqual([
      ["SBX1", 1, new Date(now.getTime() + 10 * minute)],
      ["SBX2", 1, new Date(now.getTime() + 10 * minute)],
    ]);
    // One that passed days ago speaks for itself alone.
    expect(told(passed)).toEqual([["SBX1", 3, earlier(now, 3 * 24 * hour - hour)]]);
    expect(await inboxOf(closing[0]?.inbox ?? {})).toEqual([near]);
    expect(await inboxOf(closing[1]?.inbox ?? {})).toEqual([other]);
    expect(await inboxOf(passed[0]?.inbox ?? {})).toEqual([longPassed, passedAt70, justPassed]);
    expect(closingWithinMs).toBe(15 * minute);

    const filter = unresolvedFilterSchema.parse({ van: ["SBX1"], deadline: ["PASSED"] });
    const { count, facets } = await summarizeUnresolved(world.ctx.db, filter, now);
    expect(count).toBe(3);
    // What has a quarter of an hour or more is neither.
    expect(facets.deadline.toSorted((one, two) => two.count - one.count)).toEqual([
      { value: "PASSED", label: null, count: 3 },
      { value: "CLOSING", label: null, count: 1 },
    ]);
    expect(await inboxOf({ van: ["SBX1"] })).toEqual([
      near,
      atTheEdge,
      withTime,
      longPassed,
      passedAt70,
      justPassed,
    ]);
  });

  test("counts parked letters with the nearest deadline ahead, and open incidents with the worst of them", async () => {
    await layDeadLetter(earlier(now, minute));
    await layDeadLetter(new Date(now.getTime() + 20 * minute));
    for (const [severity, subject] of [
      ["ticket", "one"],
      ["page", "two"],
    ])
      await world.rows(
        "INSERT INTO incident (kind, severity, subject_id, opened_at) VALUES ('INVARIANT', $1, $2, now())",
        [severity, subject],
      );
    await world.rows(
      "UPDATE incident SET closed_at = now(), closed_how = 'cleared' WHERE subject_id = 'two'",
    );
    const found = await attention();
    expect(found.deadLetters).toEqual({ count: 2, nextDeadlineAt: new Date(now.getTime() + 20 * minute) });
    expect(found.incidents).toEqual({ count: 1, worst: "ticket" });
  });

  test("names VANs that were stopped or whose circuit is not closed where approvals are sent", async () => {
    const circuit = (processId: string, role: string, state: string, seen: string) =>
      world.rows(
        `INSERT INTO van_circuit (process_id, van_code, role, state, since, is_reachable, in_flight, seen_at)
          VALUES ($1, 'SBX1', $2, $3, '2026-11-26T05:00:00Z', true, 0, now() - $4::interval)`,
        [processId, role, state, seen],
      );
    await circuit("w", "worker", "OPEN", "1 s");
    await circuit("gone", "web", "OPEN", "1 min");
    await circuit("fine", "web", "CLOSED", "1 s");
    expect((await attention()).vans).toEqual([]);
    await circuit("half", "web", "HALF_OPEN", "1 s");
    expect((await attention()).vans).toMatchObject([{ code: "SBX1", trouble: "half_open" }]);
    await circuit("open", "web", "OPEN", "1 s");
    expect((await attention()).vans).toEqual([
      { code: "SBX1", trouble: "open", since: new Date("2026-11-26T05:00:00Z") },
    ]);
    await world.rows(
      "UPDATE van SET is_enabled = false, stopped_at = $1, stopped_by = 'op_1', stopped_reason = '점검' WHERE code = 'SBX1'",
      [now],
    );
    expect((await attention()).vans).toEqual([{ code: "SBX1", trouble: "stopped", since: now }]);
  });
});

type Plan = Readonly<{
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  Plans?: readonly Plan[];
}>;
const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

test("two days of many are read from the index alone, whatever else there is", async () => {
  // Sixty days, one payment every 14 minutes 24 seconds.
  const count = 6_000;
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, tax_free_minor, vat_minor, status, van_code, trace_no,
        approval_no, card_bin, card_last4, lease_until, requested_at, approved_at, trace_id)
      SELECT 'pay_' || lpad((900000 + n)::text, 26, '0'), $1, 'MANY-' || lpad(n::text, 6, '0'), '책', 'CARD', 10000, 0, 0, 'DONE', 'SBX1', 'MANY-' || n,
        n::text, '433012', '1234', now(), at, at, 'trace'
      FROM (SELECT n, $2::timestamptz - n * interval '864 seconds' AS at FROM generate_series(1, $3::int) n) p`,
    [world.mallId, now, count],
  );
  await world.rows("VACUUM ANALYZE payment");
  const start = dayStart;
  const [explained] = await world.rows<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${daysStatement.text}`,
    [start, earlier(start, week), aWeekAgo, earlier(endOfBusinessDate("2026-11-26"), week)],
  );
  const scans = flat(explained?.["QUERY PLAN"][0].Plan as Plan).filter(
    (node) => node["Relation Name"] === "payment",
  );
  expect(scans.map((node) => [node["Node Type"], node["Index Name"]])).toEqual([
    ["Index Only Scan", "payment_requested_at_figures"],
    ["Index Only Scan", "payment_requested_at_figures"],
  ]);
  const read = scans.reduce((sum, node) => sum + node["Actual Rows"], 0);
  const { hours } = await figures();
  expect(read).toBe(hours.reduce((sum, slot) => sum + (slot.today ?? 0) + slot.before, 0));
  expect(read).toBeLessThan(count / 30);
});
