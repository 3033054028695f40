import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { metricsResponse } from "#server/api/health.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { checkPayments } from "#server/integrity/check-payments.ts";
import { readFindings, readIntegrityOverview } from "#server/integrity/integrity-queries.ts";
import { takeRunLock, takeWaitingRun } from "#server/integrity/integrity-repository.ts";
import { requestFullCheck } from "#server/integrity/request-check.ts";
import { beginTurn } from "#server/integrity/turn.ts";
import { verifyNow, verifyOnSchedule, verifyWaiting } from "#server/integrity/verify-integrity.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import { readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { resolvePayment } from "#server/payments/resolve-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { sequenceEvents } from "#server/webhooks/sequence-events.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";

let world: TestWorld;
/** Minutes that the verifier's clock is ahead: what was made just now is then old enough to be judged. */
let aheadMs = 0;
let drawn: Payment | undefined;
let ctx: Context;
let done: Payment;
let other: Payment;
let partly: Payment;
let canceled: Payment;
let netCanceled: Payment;
let netCanceledByMall: Payment;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  ctx = {
    ...world.ctx,
    now: () => new Date(Date.now() + aheadMs),
    // Which payments of the past are drawn for the VANs: those from the moment when this one was requested.
    random: () =>
      drawn
        ? (ctx.now().getTime() - 5_500 - drawn.requestedAt.getTime()) / (7 * 24 * 3_600_000)
        : Math.random(),
  };
  done = await approve();
  other = await approve();
  partly = await cancel(await approve(), 3_000n);
  canceled = await cancel(await cancel(await approve(), 3_000n), undefined);
  netCanceled = await netCancelUnknown(await loseReply());
  netCanceledByMall = await netCancelByMall(await approve());
  world.van.next.cancel.push("refused");
  await cancel(await approve(), 1_000n);
  world.van.next.approve.push("declined");
  await approvePayment(ctx, anApproval(world));
  world.van.next.approve.push("not_sent");
  await approvePayment(ctx, anApproval(world)).catch(() => undefined);
  for (let n = 0; n < 5; n++) await audit(`fact ${n}`);
  await sequenceEvents(ctx);
});
afterAll(() => world.close());
beforeEach(() => {
  aheadMs = 0;
});
afterEach(() => {
  drawn = undefined;
  world.van.circuit = "CLOSED";
});

const again = async (orderId: string) =>
  (await readPaymentOfOrder(ctx, { mallId: world.mallId, orderId })).payment;

async function approve(): Promise<Payment> {
  const command = anApproval(world);
  await approvePayment(ctx, command);
  return again(command.orderId);
}

async function loseReply(): Promise<Payment> {
  world.van.next.approve.push("timeout_but_done");
  world.van.next.netCancel.push("timeout");
  return approve();
}

async function netCancelUnknown(payment: Payment): Promise<Payment> {
  await resolvePayment(ctx, { paymentId: payment.id }, { attempt: 1, messageId: 1n, traceId: null });
  return again(payment.orderId);
}

async function netCancelByMall(payment: Payment): Promise<Payment> {
  await netCancelPayment(ctx, {
    mallId: world.mallId,
    orderId: payment.orderId,
    idempotency: {
      method: "POST",
      path: "/api/v1/payments/net-cancel",
      key: randomUUID(),
      requestHash: ctx.keys.fingerprintRequest(payment.orderId),
    },
    locale: "ko",
    traceId: "t",
  });
  return again(payment.orderId);
}

async function cancel(payment: Payment, amountMinor: bigint | undefined): Promise<Payment> {
  await cancelPayment(ctx, {
    paymentId: payment.id,
    mallId: world.mallId,
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    reason: "고객 요청",
    amountMinor,
    currentCancelableMinor: undefined,
    idempotency: {
      method: "POST",
      path: `/api/v1/payments/${payment.id}/cancel`,
      key: randomUUID(),
      requestHash: ctx.keys.fingerprintRequest(String(amountMinor)),
    },
    locale: "ko",
    traceId: "t",
  }).catch(() => undefined);
  return again(payment.orderId);
}

const audit = (fact: string) =>
  recordAudit(ctx.sql, {
    actor: { type: "system", id: "system" },
    action: "test.done",
    target: { type: "test", id: fact },
    outcome: "success",
  });

const guarded = ["payment", "payment_cancel", "payment_event", "ledger_entry", "event", "audit_log"];

/** Changes rows as a person with the rights of the tables' owner could: past every trigger that guards them. */
async function tamper(...statements: readonly [text: string, ...values: unknown[]][]): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const guards = async (what: "DISABLE" | "ENABLE") => {
      for (const table of guarded)
        await sql.run({ name: "", text: `ALTER TABLE ${table} ${what} TRIGGER USER` }, []);
    };
    await guards("DISABLE");
    for (const [text, ...values] of statements) await sql.run({ name: "", text }, values);
    // What waits until the commit is checked now, while nothing guards.
    await sql.run({ name: "", text: "SET CONSTRAINTS ALL IMMEDIATE" }, []);
    await guards("ENABLE");
  });
}

const findings = () =>
  world.rows<{ invariant: string; part: string; subject: string }>(
    "SELECT invariant, part, subject_id AS subject FROM integrity_finding WHERE cleared_at IS NULL ORDER BY 1, 2, 3",
  );
const openIncidents = async () =>
  (
    await world.rows<{ about: string }>(
      "SELECT kind || ' ' || subject_id AS about FROM incident WHERE closed_at IS NULL ORDER BY 1",
    )
  ).map(({ about }) => about);

type Break = Readonly<{
  what: string;
  speaks: readonly string[];
  /** A full run is what finds it. */
  full?: true;
  breakIt: () => Promise<unknown>;
  mendIt: () => Promise<unknown>;
  aheadMs?: number;
}>;

const minuteMs = 60_000;

const breaks: readonly Break[] = [
  {
    what: "a DONE payment that its VAN has reversed",
    speaks: ["I1/live"],
    aheadMs: minuteMs,
    breakIt: async () => {
      drawn = done;
      setAtVan(done, "net_canceled");
    },
    mendIt: async () => setAtVan(done, "live"),
  },
  {
    what: "a partly cancelled payment of which the VAN has given back another amount",
    speaks: ["I1/live"],
    aheadMs: minuteMs,
    breakIt: async () => {
      drawn = partly;
      giveBackAtVan(partly, 4_000n);
    },
    mendIt: async () => giveBackAtVan(partly, 3_000n),
  },
  {
    what: "two live payments of one order",
    speaks: ["I2/live"],
    breakIt: async () => {
      await world.rows("DROP INDEX payment_one_live_per_order");
      await tamper(["UPDATE payment SET order_id = $2 WHERE id = $1", other.id, done.orderId]);
    },
    mendIt: async () => {
      await tamper(["UPDATE payment SET order_id = $2 WHERE id = $1", other.id, other.orderId]);
      await world.rows(`CREATE UNIQUE INDEX payment_one_live_per_order ON payment (mall_id, order_id)
        WHERE status NOT IN ('ABORTED', 'EXPIRED', 'NET_CANCELED')`);
    },
  },
  {
    what: "an orphan beside the live payment of its order",
    speaks: ["I2/live"],
    breakIt: () =>
      tamper(
        ["UPDATE payment SET order_id = $2 WHERE id = $1", netCanceled.id, done.orderId],
        [
          "INSERT INTO van_orphan (payment_id, trace_no, amount_minor, source) VALUES ($1, $2, 10000, 'inquiry')",
          netCanceled.id,
          netCanceled.traceNo,
        ],
      ),
    mendIt: () =>
      tamper(
        ["UPDATE payment SET order_id = $2 WHERE id = $1", netCanceled.id, netCanceled.orderId],
        ["DELETE FROM van_orphan"],
      ),
  },
  {
    what: "a reply of DONE for a payment that was never approved",
    speaks: ["I3/told"],
    breakIt: () => swapReplies(netCanceled, done),
    mendIt: () => swapReplies(netCanceled, done),
  },
  {
    what: "an approved payment whose mall was told of a failure",
    speaks: ["I3/told"],
    breakIt: () =>
      tamper([
        "UPDATE idempotency_key SET http_status = 502 WHERE payment_id = $1 AND path = '/api/v1/payments'",
        done.id,
      ]),
    mendIt: () =>
      tamper([
        "UPDATE idempotency_key SET http_status = 200 WHERE payment_id = $1 AND path = '/api/v1/payments'",
        done.id,
      ]),
  },
  {
    what: "more given back than the cancels say",
    speaks: ["I5/refunds"],
    breakIt: () => tamper(["UPDATE payment SET canceled_minor = 500 WHERE id = $1", done.id]),
    mendIt: () => tamper(["UPDATE payment SET canceled_minor = 0 WHERE id = $1", done.id]),
  },
  {
    what: "an amount set aside for no cancel",
    speaks: ["I5/refunds"],
    breakIt: () => tamper(["UPDATE payment SET reserved_minor = 500 WHERE id = $1", partly.id]),
    mendIt: () => tamper(["UPDATE payment SET reserved_minor = 0 WHERE id = $1", partly.id]),
  },
  {
    what: "a ledger event of which one side was changed",
    speaks: ["I6/postings", "I6/zero-sum"],
    full: true,
    breakIt: () => addToEntry(done, "van_receivable:SBX1", 1),
    mendIt: () => addToEntry(done, "van_receivable:SBX1", -1),
  },
  {
    what: "a ledger event of which both sides were changed",
    speaks: ["I6/postings"],
    breakIt: async () => {
      await addToEntry(done, "van_receivable:SBX1", 1);
      await addToEntry(done, `mall_payable:${world.mallId}`, -1);
    },
    mendIt: async () => {
      await addToEntry(done, "van_receivable:SBX1", -1);
      await addToEntry(done, `mall_payable:${world.mallId}`, 1);
    },
  },
  {
    what: "a cancel that is not in the ledger",
    speaks: ["I6/postings"],
    breakIt: () =>
      tamper([
        "UPDATE ledger_entry SET payment_id = 'pay_hidden' WHERE event_key LIKE $1",
        `pay:${partly.id}:cancel:%`,
      ]),
    mendIt: () =>
      tamper([
        "UPDATE ledger_entry SET payment_id = $2 WHERE event_key LIKE $1",
        `pay:${partly.id}:cancel:%`,
        partly.id,
      ]),
  },
  {
    what: "a posting that belongs to nothing",
    speaks: ["I6/postings"],
    breakIt: () =>
      tamper([
        "INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date) VALUES ($1, 'a', 5, $2, now()), ($1, 'b', -5, $2, now())",
        `pay:${done.id}:gift`,
        done.id,
      ]),
    mendIt: () => tamper(["DELETE FROM ledger_entry WHERE event_key = $1", `pay:${done.id}:gift`]),
  },
  {
    what: "a change of status without its event",
    speaks: ["I7/events"],
    breakIt: () => tamper(["UPDATE event SET subject_id = 'hidden' WHERE subject_id = $1", done.id]),
    mendIt: () => tamper(["UPDATE event SET subject_id = $1 WHERE subject_id = 'hidden'", done.id]),
  },
  {
    what: "an event that is told twice",
    speaks: ["I7/events"],
    breakIt: () =>
      tamper([
        "INSERT INTO event (sequence, type, mall_id, subject_id, data) SELECT 1000000, type, mall_id, subject_id, data FROM event WHERE subject_id = $1",
        done.id,
      ]),
    mendIt: () => tamper(["DELETE FROM event WHERE sequence = 1000000"]),
  },
  {
    what: "an event that got no number",
    speaks: ["I7/sequence"],
    aheadMs: 2 * minuteMs,
    breakIt: () => tamper(["UPDATE event SET sequence = NULL WHERE subject_id = $1", done.id]),
    mendIt: () => sequenceEvents(ctx),
  },
  {
    what: "a webhook that waits and has no job",
    speaks: ["I7/deliveries"],
    breakIt: () =>
      tamper(
        [
          "INSERT INTO webhook_endpoint (id, mall_id, url, types, secret_sealed) VALUES ('whe_T', $1, 'http://127.0.0.1:1', '{}', '')",
          world.mallId,
        ],
        [
          "INSERT INTO webhook_delivery (id, endpoint_id, event_id, subject_id, sequence) SELECT 'whd_T', 'whe_T', id, subject_id, sequence FROM event WHERE subject_id = $1",
          done.id,
        ],
      ),
    mendIt: async () => {
      const row = outboxRow(deliverWebhookJob, "whd_T", { deliveryId: "whd_T" }, { subjectId: done.id });
      await tamper([
        "INSERT INTO outbox_message (job_name, job_key, payload, subject_id) VALUES ($1, $2, $3::jsonb, $4)",
        row.jobName,
        row.jobKey,
        row.payload,
        row.subjectId,
      ]);
    },
  },
  {
    what: "an audit row that was changed",
    speaks: ["I9/chain"],
    breakIt: () => tamper(["UPDATE audit_log SET actor_id = 'nobody' WHERE seq = 3"]),
    mendIt: () => tamper(["UPDATE audit_log SET actor_id = 'system' WHERE seq = 3"]),
  },
  {
    what: "an audit row that is missing",
    speaks: ["I9/chain"],
    breakIt: () =>
      tamper(
        ["CREATE TABLE kept_audit AS SELECT * FROM audit_log WHERE seq = 2"],
        ["DELETE FROM audit_log WHERE seq = 2"],
      ),
    mendIt: () => tamper(["INSERT INTO audit_log SELECT * FROM kept_audit"], ["DROP TABLE kept_audit"]),
  },
  {
    what: "the newest audit row deleted",
    speaks: ["I9/head"],
    breakIt: () =>
      tamper(
        ["CREATE TABLE kept_audit AS SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1"],
        ["DELETE FROM audit_log WHERE seq = (SELECT max(seq) FROM audit_log)"],
      ),
    mendIt: () => tamper(["INSERT INTO audit_log SELECT * FROM kept_audit"], ["DROP TABLE kept_audit"]),
  },
  {
    what: "an event that later settlements have passed by",
    speaks: ["I8/lines"],
    breakIt: () =>
      tamper([
        `INSERT INTO settlement_batch (business_date, from_date, calendar_version, status, opened_at, finished_at, hash)
          SELECT max(business_date) + 3, max(business_date) + 3, 1, 'DONE', now(), now(), '' FROM ledger_entry`,
      ]),
    mendIt: () => tamper(["DELETE FROM settlement_batch"]),
  },
  {
    what: "a confirmation that no settlement accounts for",
    speaks: ["I8/postings"],
    breakIt: () =>
      tamper([
        `INSERT INTO ledger_entry (event_key, account, amount_minor, business_date)
          SELECT 'settlement:stl_NONE:confirm', account, amount, current_date FROM (VALUES ('mall_payable:mall_TEST', 5), ('fee_revenue', -5)) AS side (account, amount)`,
      ]),
    mendIt: () =>
      tamper([
        `WITH one AS (
            INSERT INTO settlement (id, business_date, mall_id, method, status, calendar_version, line_count, approval_count, approval_minor, fee_minor)
            VALUES ('stl_NONE', current_date, 'mall_TEST', 'CARD', 'COLLECTED', 1, 1, 1, 5, 5) RETURNING id)
          INSERT INTO settlement_line (settlement_id, line_no, kind, event_key, payment_id, event_date, amount_minor, fee_minor, fee_vat_minor, net_minor,
            balance_before_minor, contract_id, fee_rate_e5, fee_rounding, is_fee_refundable)
          SELECT id, 1, 'APPROVAL', 'pay:pay_NONE:approve', 'pay_NONE', current_date, 5, 5, 0, 0, 0, 'ctr_NONE', 100000, 'FLOOR_1', true FROM one`,
      ]),
  },
  {
    what: "a settlement that says another fee than its lines",
    speaks: ["I8/postings", "I8/sums"],
    breakIt: () =>
      tamper(
        [
          `INSERT INTO ledger_entry (event_key, account, amount_minor, business_date)
            SELECT 'settlement:stl_NONE:payout', account, amount, current_date FROM (VALUES ('settled_payable:mall_TEST', 7), ('payout_bank', -7)) AS side (account, amount)`,
        ],
        ["UPDATE settlement SET fee_minor = 4, net_minor = 1 WHERE id = 'stl_NONE'"],
      ),
    mendIt: () =>
      tamper(["UPDATE settlement SET fee_minor = 5, net_minor = 0, payout_minor = 7 WHERE id = 'stl_NONE'"]),
  },
  {
    what: "a version without its line of history",
    speaks: ["I10/history"],
    breakIt: () => tamper(["UPDATE payment SET version = version + 1 WHERE id = $1", done.id]),
    mendIt: () => tamper(["UPDATE payment SET version = version - 1 WHERE id = $1", done.id]),
  },
  {
    what: "a history with a line torn out",
    speaks: ["I10/history"],
    breakIt: () =>
      tamper(
        [
          `CREATE TABLE kept_line AS SELECT * FROM payment_event WHERE payment_id = '${partly.id}' AND kind = 'cancel_requested'`,
        ],
        ["DELETE FROM payment_event WHERE id IN (SELECT id FROM kept_line)"],
      ),
    mendIt: () => tamper(["INSERT INTO payment_event SELECT * FROM kept_line"], ["DROP TABLE kept_line"]),
  },
];

function setAtVan({ traceNo }: Payment, state: "live" | "net_canceled"): void {
  const approval = world.van.approvals.get(traceNo);
  if (!approval) throw new Error("the VAN has no such approval");
  approval.state = state;
}

function giveBackAtVan({ traceNo }: Payment, canceledMinor: bigint): void {
  const approval = world.van.approvals.get(traceNo);
  if (!approval) throw new Error("the VAN has no such approval");
  approval.canceledMinor = canceledMinor;
}

const addToEntry = ({ id }: Payment, account: string, amount: number) =>
  tamper([
    "UPDATE ledger_entry SET amount_minor = amount_minor + $3 WHERE event_key = $1 AND account = $2",
    `pay:${id}:approve`,
    account,
    amount,
  ]);

/** Gives each of two payments the stored reply of the other: of the second, that is only looked at for the first. */
const swapReplies = (a: Payment, b: Payment) =>
  tamper([
    `UPDATE idempotency_key k SET http_status = o.http_status, response_body = o.response_body FROM idempotency_key o
      WHERE k.path = '/api/v1/payments' AND o.path = k.path AND ((k.payment_id = $1 AND o.payment_id = $2) OR (k.payment_id = $2 AND o.payment_id = $1))`,
    a.id,
    b.id,
  ]);

describe("a system in which all is well", () => {
  test("yields no finding, in a full run and in an incremental one", async () => {
    expect(await verifyNow(ctx, "FULL")).toBe("finished");
    aheadMs = 2 * minuteMs;
    expect(await verifyNow(ctx, "INCREMENTAL")).toBe("finished");
    expect(await findings()).toEqual([]);
    expect(await openIncidents()).toEqual([]);
    const checks = await world.rows<{ invariant: string; examined: number }>(
      "SELECT invariant, examined FROM integrity_check WHERE run_id = (SELECT max(id) FROM integrity_run) ORDER BY invariant",
    );
    expect(checks.map(({ invariant }) => invariant).sort()).toEqual(
      ["I1", "I10", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"].sort(),
    );
    expect(checks.find(({ invariant }) => invariant === "I1")?.examined).toBeGreaterThan(3);
    expect(checks.find(({ invariant }) => invariant === "I5")?.examined).toBeGreaterThan(8);
  });
});

describe("what is broken on purpose speaks, and only its invariant does", () => {
  test.each(breaks)("$what: $speaks", async ({ speaks, full, breakIt, mendIt, aheadMs: ahead = 0 }) => {
    expect(await findings()).toEqual([]);
    aheadMs = ahead;
    await breakIt();
    await verifyNow(ctx, full ? "FULL" : "INCREMENTAL");
    const spoke = (await findings()).map(({ invariant, part }) => `${invariant}/${part}`);
    expect([...new Set(spoke)]).toEqual(speaks);
    expect((await openIncidents()).map((about) => about.split("/").slice(0, 2).join("/"))).toEqual(
      spoke.map((name) => `INVARIANT ${name}`),
    );

    await mendIt();
    await verifyNow(ctx, full ? "FULL" : "INCREMENTAL");
    expect(await findings()).toEqual([]);
    expect(await openIncidents()).toEqual([]);
  });

  test("money live at the VAN for a net-cancelled payment becomes an orphan, and is found until it is reversed", async () => {
    aheadMs = minuteMs;
    drawn = netCanceled;
    setAtVan(netCanceled, "live");
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([{ invariant: "I1", part: "reversed", subject: netCanceled.id }]);
    expect(await world.rows("SELECT payment_id, source, state FROM van_orphan")).toEqual([
      { payment_id: netCanceled.id, source: "inquiry", state: "OPEN" },
    ]);
    // The orphan is the incident; the invariant has none of its own beside it.
    expect((await openIncidents()).filter((about) => about.startsWith("INVARIANT"))).toEqual([]);
    setAtVan(netCanceled, "net_canceled");
    await tamper(
      ["DELETE FROM van_orphan"],
      ["DELETE FROM outbox_message WHERE job_name = 'reverse-orphan'"],
      ["DELETE FROM incident"],
    );
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
  });

  test("a full run finds an old ledger entry of a kind that no payment has", async () => {
    await tamper([
      "INSERT INTO ledger_entry (event_key, account, amount_minor, business_date) VALUES ('fee:1', 'a', 7, now()), ('fee:1', 'b', -7, now())",
    ]);
    await settleMarks();
    await tamper(["UPDATE ledger_entry SET amount_minor = amount_minor * 2 WHERE event_key = 'fee:1'"]);
    await settleMarks();
    expect(await findings()).toEqual([]);
    await verifyNow(ctx, "FULL");
    expect(await findings()).toEqual([
      { invariant: "I6", part: "balances", subject: "a KRW" },
      { invariant: "I6", part: "balances", subject: "b KRW" },
    ]);
    await tamper(["UPDATE ledger_entry SET amount_minor = amount_minor / 2 WHERE event_key = 'fee:1'"]);
    await verifyNow(ctx, "FULL");
    expect(await findings()).toEqual([]);
  });

  test("a VAN that gives no answer is no finding", async () => {
    aheadMs = minuteMs;
    drawn = done;
    setAtVan(done, "net_canceled");
    world.van.next.inquire.push(
      ..."timeout "
        .repeat(20)
        .trim()
        .split(" ")
        .map(() => "timeout" as const),
    );
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
    world.van.next.inquire.length = 0;
    world.van.circuit = "OPEN";
    const asked = world.van.calls.length;
    await verifyNow(ctx, "INCREMENTAL");
    expect(world.van.calls.length).toBe(asked);
    setAtVan(done, "live");
  });
});

/** Lets the marks reach everything that is there: two runs, the second after every writer has ended. */
async function settleMarks(): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await world.rows("UPDATE integrity_mark SET ahead_at = ahead_at - interval '1 minute'");
    await verifyNow(ctx, "INCREMENTAL");
  }
}

describe("unresolved work (I4)", () => {
  test("is late after five minutes of an answering VAN, not before, not while it is silent, and not as a dead letter", async () => {
    const unknown = await loseReply();
    await sequenceEvents(ctx);
    const overdue = [{ invariant: "I4", part: "overdue", subject: `UNKNOWN ${unknown.id}` }];
    aheadMs = 4 * minuteMs;
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
    aheadMs = 6 * minuteMs;
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual(overdue);
    world.van.circuit = "OPEN";
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
    world.van.circuit = "CLOSED";
    await tamper([
      `INSERT INTO dead_letter (id, job_name, job_key, payload, subject_id, payment_id, reason_class, first_error, last_error, attempts)
        VALUES ('dl_T', 'net-cancel', 'net-cancel:T', '{}', $1, $1, 'VAN_TIMEOUT', 'x', 'x', 6)`,
      unknown.id,
    ]);
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
    expect(
      await world.rows(
        "SELECT violations, parked FROM integrity_check WHERE invariant = 'I4' ORDER BY run_id DESC LIMIT 1",
      ),
    ).toEqual([{ violations: 0, parked: 1 }]);
    await tamper(["DELETE FROM dead_letter"]);
    aheadMs = 0;
    await netCancelUnknown(unknown);
    await sequenceEvents(ctx);
  });

  test("a pending cancel and an orphan are work, too", async () => {
    const payment = await approve();
    world.van.next.cancel.push("timeout");
    await cancel(payment, 1_000n);
    await tamper([
      "INSERT INTO van_orphan (payment_id, trace_no, amount_minor, source) VALUES ($1, $2, 10000, 'inquiry')",
      netCanceled.id,
      netCanceled.traceNo,
    ]);
    await sequenceEvents(ctx);
    aheadMs = 6 * minuteMs;
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([
      { invariant: "I4", part: "overdue", subject: `CANCEL_PENDING ${payment.id}` },
      { invariant: "I4", part: "overdue", subject: `ORPHAN ${netCanceled.id}` },
    ]);
    await tamper(
      ["DELETE FROM van_orphan"],
      ["DELETE FROM payment_cancel WHERE payment_id = $1", payment.id],
      ["DELETE FROM payment_event WHERE payment_id = $1 AND version > 2", payment.id],
      ["UPDATE payment SET status = 'DONE', version = 2, reserved_minor = 0 WHERE id = $1", payment.id],
    );
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
  });
});

describe("runs", () => {
  test("a finding stays in the history when it is gone", async () => {
    await tamper(["UPDATE payment SET version = version + 1 WHERE id = $1", canceled.id]);
    await verifyNow(ctx, "INCREMENTAL");
    await verifyNow(ctx, "INCREMENTAL");
    await tamper(["UPDATE payment SET version = version - 1 WHERE id = $1", canceled.id]);
    await verifyNow(ctx, "INCREMENTAL");
    const [kept] = await world.rows<{ seen: boolean; cleared: boolean; n: number }>(
      `SELECT bool_and(last_seen_at > first_seen_at) AS seen, bool_and(cleared_at >= last_seen_at) AS cleared, count(*)::int AS n
        FROM integrity_finding WHERE invariant = 'I10' AND subject_id = $1`,
      [canceled.id],
    );
    expect(kept).toEqual({ seen: true, cleared: true, n: 1 });
    expect(
      await world.rows("SELECT closed_how FROM incident WHERE subject_id = $1", [
        `I10/history/${canceled.id}`,
      ]),
    ).toEqual([{ closed_how: "cleared" }]);
  });

  test("only one runs at a time, however many begin", async () => {
    const before = await runCount();
    const results = await Promise.all(Array.from({ length: 6 }, () => verifyNow(ctx, "INCREMENTAL")));
    expect(results.filter((result) => result === "finished").length).toBeGreaterThanOrEqual(1);
    const overlapping = await world.rows(
      `SELECT 1 FROM integrity_run a JOIN integrity_run b ON a.id < b.id AND a.started_at < b.finished_at AND b.started_at < a.finished_at WHERE a.id > $1`,
      [before],
    );
    expect(overlapping).toEqual([]);
    expect(await world.rows("SELECT 1 FROM integrity_run WHERE finished_at IS NULL")).toEqual([]);
  });

  test("the clock starts a full one first and at night, else one a minute over all workers", async () => {
    await world.rows("DELETE FROM integrity_run");
    const at = (iso: string) => ({ ...ctx, now: () => new Date(iso) });
    const kinds = async () =>
      (await world.rows<{ kind: string }>("SELECT kind FROM integrity_run ORDER BY id")).map(
        ({ kind }) => kind,
      );
    await verifyOnSchedule(at("2026-11-22T05:00:00Z"));
    await Promise.all([
      verifyOnSchedule(at("2026-11-22T05:00:20Z")),
      verifyOnSchedule(at("2026-11-22T05:00:30Z")),
    ]);
    expect(await kinds()).toEqual(["FULL"]);
    await Promise.all([
      verifyOnSchedule(at("2026-11-22T05:01:00Z")),
      verifyOnSchedule(at("2026-11-22T05:01:00Z")),
    ]);
    expect(await kinds()).toEqual(["FULL", "INCREMENTAL"]);
    // 03:59 and 04:01 in Seoul.
    await verifyOnSchedule(at("2026-11-22T18:59:00Z"));
    await verifyOnSchedule(at("2026-11-22T19:01:00Z"));
    expect(await kinds()).toEqual(["FULL", "INCREMENTAL", "INCREMENTAL", "FULL"]);
    await verifyOnSchedule(at("2026-11-22T19:02:00Z"));
    expect(await kinds()).toEqual(["FULL", "INCREMENTAL", "INCREMENTAL", "FULL", "INCREMENTAL"]);
    await world.rows("DELETE FROM integrity_run");
    await world.rows("DELETE FROM integrity_finding");
    await world.rows("DELETE FROM incident");
  });

  test("a full one goes on where it was left, and counts each payment once", async () => {
    const [{ id } = { id: 0n }] = await world.rows<{ id: bigint }>(
      "INSERT INTO integrity_run (kind, requested_by, requested_at) VALUES ('FULL', 'op_A', now()) RETURNING id",
    );
    let turns = 0;
    while ((await verifyWaiting(ctx, { turnMs: -1 })) === "left") turns++;
    expect(turns).toBe(3);
    const [run] = await world.rows<{ total: number; checked: number; error: string | null; stage: string }>(
      "SELECT payments_total AS total, payments_checked AS checked, error, stage FROM integrity_run WHERE id = $1 AND finished_at IS NOT NULL",
      [id],
    );
    expect(run).toMatchObject({ error: null, stage: "rest", checked: run?.total });
    expect(await verifyWaiting(ctx)).toBe("nothing");
  });

  test("one whose worker was taken for dead is taken over, and the dead one writes nothing any more", async () => {
    await world.rows("INSERT INTO integrity_run (kind, requested_at) VALUES ('INCREMENTAL', now())");
    const take = () =>
      ctx.reports.transaction(async (sql) => {
        await takeRunLock(sql);
        return takeWaitingRun(sql, ctx.now());
      });
    const slow = await take();
    if (!slow) throw new Error("the run was not taken");
    expect(await take()).toBeUndefined();
    await world.rows("UPDATE integrity_run SET alive_at = now() - interval '3 minutes' WHERE id = $1", [
      slow.id,
    ]);
    const turn = await beginTurn(ctx, slow);
    expect(await verifyWaiting(ctx)).toBe("finished");
    await tamper(["UPDATE payment SET version = version + 1 WHERE id = $1", canceled.id]);
    await expect(checkPayments(turn, [canceled.id])).rejects.toThrow("was taken over");
    expect(await findings()).toEqual([]);
    await tamper(["UPDATE payment SET version = version - 1 WHERE id = $1", canceled.id]);
  });

  test("what a dead worker left comes before the run that is asked for now", async () => {
    await world.rows(
      "INSERT INTO integrity_run (kind, requested_at, started_at, alive_at, taken) VALUES ('INCREMENTAL', now(), now(), now() - interval '3 minutes', 1)",
    );
    expect(await verifyNow(ctx, "FULL")).toBe("finished");
    expect(
      await world.rows(
        "SELECT kind, error FROM integrity_run WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 2",
      ),
    ).toEqual([
      { kind: "FULL", error: null },
      { kind: "INCREMENTAL", error: null },
    ]);
    expect(await world.rows("SELECT 1 FROM integrity_run WHERE finished_at IS NULL")).toEqual([]);
  });

  test("one that fails says why, and the next one looks at the same rows", async () => {
    await tamper(["UPDATE payment SET version = version + 1 WHERE id = $1", netCanceledByMall.id]);
    const failing: Context = {
      ...ctx,
      vans: new Map([
        [
          "SBX1",
          {
            ...world.van,
            health: () => {
              throw new Error("no health today");
            },
          } as never,
        ],
      ]),
    };
    await expect(verifyNow(failing, "INCREMENTAL")).rejects.toThrow("no health today");
    expect(await world.rows("SELECT error FROM integrity_run ORDER BY id DESC LIMIT 1")).toEqual([
      { error: "no health today" },
    ]);
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toMatchObject([{ invariant: "I10", subject: netCanceledByMall.id }]);
    await tamper(["UPDATE payment SET version = version - 1 WHERE id = $1", netCanceledByMall.id]);
    await verifyNow(ctx, "INCREMENTAL");
  });

  test("a list of findings ends at a hundred, and the count says how many there are", async () => {
    const made = Array.from({ length: 130 }, (_, n) => `pay_X${String(n).padStart(3, "0")}`);
    await tamper([
      "INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date) SELECT 'pay:' || id || ':approve', side.account, side.amount, id, now() FROM unnest($1::text[]) AS id, (VALUES ('a', 5), ('b', -5)) AS side (account, amount)",
      made,
    ]);
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toHaveLength(100);
    const violations = async () =>
      (
        await world.rows<{ violations: number }>(
          "SELECT violations FROM integrity_check WHERE invariant = 'I6' ORDER BY run_id DESC LIMIT 1",
        )
      )[0]?.violations;
    expect(await violations()).toBe(130);
    await tamper(["DELETE FROM ledger_entry WHERE payment_id LIKE 'pay_X%'"]);
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
    expect(await violations()).toBe(0);
  });
});

describe("an operator", () => {
  const actor = { type: "operator", id: "op_A", ipAddress: "10.0.0.1" } as const;

  test("asks for a full check, which a worker takes up within a second; asking twice is one run, audited twice", async () => {
    const first = await requestFullCheck(ctx, actor);
    expect(await requestFullCheck(ctx, { ...actor, id: "op_B" })).toEqual(first);
    expect((await readIntegrityOverview(ctx.db)).present).toMatchObject({
      id: first.runId,
      kind: "FULL",
      requestedBy: "op_A",
      startedAt: null,
    });
    expect(await verifyWaiting(ctx)).toBe("finished");
    const { present, last, lastFull } = await readIntegrityOverview(ctx.db);
    expect(present).toBeNull();
    expect(last).toMatchObject({ id: first.runId, error: null });
    expect(lastFull).toEqual(last);
    expect(
      await world.rows(
        "SELECT actor_id, outcome, detail->'joinsARunningOne' AS joins FROM audit_log WHERE action = 'integrity.check_requested' ORDER BY seq",
      ),
    ).toEqual([
      { actor_id: "op_A", outcome: "success", joins: false },
      { actor_id: "op_B", outcome: "success", joins: true },
    ]);
  });

  test("sees every invariant with its state, and each finding with its payment", async () => {
    await tamper(["UPDATE payment SET version = version + 1 WHERE id = $1", done.id]);
    await verifyNow(ctx, "INCREMENTAL");
    const { invariants } = await readIntegrityOverview(ctx.db);
    expect(invariants.map(({ id, violations }) => [id, violations])).toEqual([
      ["I1", 0],
      ["I2", 0],
      ["I3", 0],
      ["I4", 0],
      ["I5", 0],
      ["I6", 0],
      ["I7", 0],
      ["I8", 0],
      ["I9", 0],
      ["I10", 1],
    ]);
    expect(invariants.at(-1)?.history.at(-1)).toMatchObject({ violations: 1 });
    expect((await readFindings(ctx.db, "I10"))[0]).toMatchObject({
      paymentId: done.id,
      orderId: done.orderId,
      clearedAt: null,
      expected: "version=3 status=DONE",
    });
    const said = await metricsResponse(ctx, `Bearer ${ctx.env.PAYDECK_METRICS_TOKEN}`).then((answer) =>
      answer.text(),
    );
    expect(said).toContain('invariant_violations{name="I10"} 1');
    expect(said).toContain('invariant_violations{name="I1"} 0');
    await tamper(["UPDATE payment SET version = version - 1 WHERE id = $1", done.id]);
    await verifyNow(ctx, "INCREMENTAL");
    expect((await readFindings(ctx.db, "I10"))[0]?.clearedAt).not.toBeNull();
  });

  test("reads the same figures from /api/metrics of any process", async () => {
    await tamper(
      [
        "INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date) VALUES ('pay:x:approve', 'a', 5, 'x', now())",
      ],
      [
        "INSERT INTO van_orphan (payment_id, trace_no, amount_minor, source, found_at) VALUES ($1, $2, 10000, 'inquiry', now() - interval '90 seconds')",
        netCanceled.id,
        netCanceled.traceNo,
      ],
      ["UPDATE audit_log SET actor_id = 'nobody' WHERE seq = 3"],
    );
    await verifyNow(ctx, "INCREMENTAL");
    const said = await metricsResponse(ctx, `Bearer ${ctx.env.PAYDECK_METRICS_TOKEN}`).then((answer) =>
      answer.text(),
    );
    expect(said).toMatch(/^ledger_imbalance_won 5$/m);
    expect(said).toMatch(/^audit_chain_valid 0$/m);
    expect(said).toMatch(/^payment_orphan_open 1$/m);
    expect(said).toMatch(/^payment_unresolved\{state="orphan"\} 1$/m);
    expect(said).toMatch(/^payment_oldest_unresolved_seconds\{state="orphan"\} 9\d/m);
    expect(said).toMatch(/^payment_unresolved\{state="unknown"\} 0$/m);
    const [, at] = /^integrity_last_run_timestamp_seconds ([\d.e+]+)$/m.exec(said) ?? [];
    expect(Math.abs(Number(at) - Date.now() / 1_000)).toBeLessThan(10);
    await tamper(
      ["DELETE FROM ledger_entry WHERE payment_id = 'x'"],
      ["DELETE FROM van_orphan"],
      ["UPDATE audit_log SET actor_id = 'system' WHERE seq = 3"],
    );
    await verifyNow(ctx, "INCREMENTAL");
    expect(await findings()).toEqual([]);
  });
});

const runCount = async () =>
  (await world.rows<{ id: bigint }>("SELECT coalesce(max(id), 0) AS id FROM integrity_run"))[0]?.id ?? 0n;
