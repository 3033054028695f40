import type { Heard } from "#scripts/sim/sim-receiver.ts";
import type { SimVan } from "#scripts/sim/sim-van.ts";
import type { Told, VanCode, World } from "#scripts/sim/world.ts";
import { reversalTraceNoOf } from "#server/payments/domain/payment.ts";
import { mayMove, type PaymentStatus } from "#server/payments/domain/payment-status.ts";

/** A rule that does not hold for an order. */
export type Violation = Readonly<{ orderId: string; rule: string; text: string }>;

type PaymentRow = {
  id: string;
  mallId: string;
  orderId: string;
  status: PaymentStatus;
  version: number;
  vanCode: string;
  traceNo: string;
  approvalNo: string | null;
  amountMinor: bigint;
  canceledMinor: bigint;
  reservedMinor: bigint;
  requestedAt: Date;
};
type CancelRow = {
  id: string;
  paymentId: string;
  status: string;
  origin: string;
  amountMinor: bigint;
  traceNo: string;
};
type FactRow = {
  paymentId: string;
  version: number;
  kind: string;
  fromStatus: PaymentStatus | null;
  toStatus: PaymentStatus | null;
  reason: string | null;
  at: Date;
};
type EventRow = { id: bigint; subjectId: string; type: string; sequence: bigint | null };
type DeliveryRow = { eventId: bigint; subjectId: string; status: string; wasDead: boolean };
type KeyRow = {
  mallId: string;
  path: string;
  key: string;
  paymentId: string | null;
  cancelId: string | null;
  body: string | null;
};

const finalStatuses: readonly PaymentStatus[] = [
  "DONE",
  "PARTIAL_CANCELED",
  "CANCELED",
  "NET_CANCELED",
  "ABORTED",
];
const bookedStatuses: readonly PaymentStatus[] = ["DONE", "PARTIAL_CANCELED", "CANCELED", "CANCEL_PENDING"];
/** What a mall may hear that says nothing final. */
const provisionalCodes = [
  "IDEMPOTENT_REQUEST_PROCESSING",
  "PAYMENT_RESULT_UNKNOWN",
  "PAYMENT_LOCKED",
  "PREVIOUS_CANCEL_NOT_COMPLETE",
  "IDEMPOTENCY_STORE_UNAVAILABLE",
  "VAN_UNAVAILABLE",
];
const declineCodes = ["CARD_LIMIT_EXCEEDED"];
/** No job gives up before the schedule of a VAN is used up; the refusals that end one at once do not occur here. */
const triesMin = 5;
/** How soon what is unknown must be known while nothing is down (I4). */
export const resolvedWithinMs = 300_000;

export type Judgement = Readonly<{
  violations: readonly Violation[];
  /** How long each payment was UNKNOWN, in milliseconds. */
  unknownMs: readonly number[];
  orphans: number;
  payments: number;
  cancels: number;
}>;

/**
 * The referee: looks at a world at rest and says which promises (reliability §5.7) do not hold for the given orders. It
 * reads tables, the VANs' own ledgers, what malls were told and what their receivers heard, and trusts none of them alone.
 * `slow` names orders that were allowed to take longer than five minutes, because something was down.
 */
export async function judge(
  world: World,
  orderIds: readonly string[],
  options: { isSlow: (orderId: string) => boolean },
): Promise<Judgement> {
  await world.database.setTime(world.scheduler.nowMs);
  const facts = await collect(world, orderIds);
  const violations: Violation[] = [];
  const unknownMs: number[] = [];
  for (const orderId of orderIds) {
    const say = (rule: string, text: string) => violations.push({ orderId, rule, text });
    const payments = facts.payments.get(orderId) ?? [];
    judgeOrder(world, orderId, payments, say);
    for (const payment of payments) {
      judgePayment(facts, payment, say);
      judgeVan(world, facts, payment, say);
      judgeEvents(world, facts, payment, say);
      const waited = judgeTimes(world, facts, payment, options.isSlow(orderId), say);
      if (waited !== undefined) unknownMs.push(waited);
    }
    judgeTold(facts, payments, say);
  }
  return {
    violations,
    unknownMs,
    orphans: facts.orphans,
    payments: [...facts.payments.values()].flat().length,
    cancels: [...facts.cancels.values()].flat().length,
  };
}

type Say = (rule: string, text: string) => void;
type Facts = Awaited<ReturnType<typeof collect>>;

async function collect(world: World, orderIds: readonly string[]) {
  const { rows } = world.database;
  const payments = await rows<PaymentRow>(
    `SELECT id, mall_id AS "mallId", order_id AS "orderId", status::text AS status, version, van_code AS "vanCode", trace_no AS "traceNo",
       approval_no AS "approvalNo", amount_minor AS "amountMinor", canceled_minor AS "canceledMinor", reserved_minor AS "reservedMinor",
       requested_at AS "requestedAt"
     FROM payment WHERE order_id = ANY($1::text[]) ORDER BY requested_at, id`,
    [orderIds],
  );
  const ids = payments.map((payment) => payment.id);
  const cancels = await rows<CancelRow>(
    `SELECT id, payment_id AS "paymentId", status::text AS status, origin::text AS origin, amount_minor AS "amountMinor", trace_no AS "traceNo"
     FROM payment_cancel WHERE payment_id = ANY($1::text[])`,
    [ids],
  );
  const history = await rows<FactRow>(
    `SELECT payment_id AS "paymentId", version, kind, from_status::text AS "fromStatus", to_status::text AS "toStatus", detail->>'reason' AS reason, at
     FROM payment_event WHERE payment_id = ANY($1::text[]) ORDER BY id`,
    [ids],
  );
  const events = await rows<EventRow>(
    `SELECT id, subject_id AS "subjectId", type, sequence FROM event WHERE subject_id = ANY($1::text[]) ORDER BY id`,
    [ids],
  );
  const deliveries = await rows<DeliveryRow>(
    `SELECT d.event_id AS "eventId", d.subject_id AS "subjectId", d.status::text AS status,
       EXISTS (SELECT 1 FROM dead_letter l WHERE l.subject_id = d.subject_id AND l.job_name = 'deliver-webhook') AS "wasDead"
     FROM webhook_delivery d WHERE d.subject_id = ANY($1::text[])`,
    [ids],
  );
  const ledger = await rows<{ paymentId: string; eventKey: string; account: string; amountMinor: bigint }>(
    `SELECT payment_id AS "paymentId", event_key AS "eventKey", account, amount_minor AS "amountMinor" FROM ledger_entry WHERE payment_id = ANY($1::text[])`,
    [ids],
  );
  const open = await rows<{ subjectId: string; text: string }>(
    `SELECT subject_id AS "subjectId", 'the job ' || job_key || ' is neither done nor dead' AS text FROM outbox_message
       WHERE subject_id = ANY($1::text[]) AND done_at IS NULL AND dead_at IS NULL
     UNION ALL
     SELECT payment_id, 'the dead letter of ' || job_key || ' is ' || status || ': ' || last_error FROM dead_letter
       WHERE payment_id = ANY($1::text[]) AND status <> 'RESOLVED'
     UNION ALL
     SELECT payment_id, 'money found live at the VAN is ' || state FROM van_orphan WHERE payment_id = ANY($1::text[]) AND state <> 'REVERSED'
     UNION ALL
     SELECT m.subject_id, 'the job ' || m.job_key || ' is dead without a letter' FROM outbox_message m
       WHERE m.subject_id = ANY($1::text[]) AND m.dead_at IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM dead_letter l WHERE l.job_key = split_part(m.job_key, '#', 1))
     UNION ALL
     SELECT i.payment_id, 'the incident ' || i.kind || ' is still open' FROM incident i WHERE i.payment_id = ANY($1::text[]) AND i.closed_at IS NULL
     UNION ALL
     SELECT o.payment_id, 'no incident tells of the orphan' FROM van_orphan o
       WHERE o.payment_id = ANY($1::text[]) AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.payment_id = o.payment_id AND i.kind = 'VAN_ORPHAN')
     UNION ALL
     SELECT l.payment_id, 'the job ' || l.job_key || ' was given up after ' || l.attempts || ' tries: ' || l.first_error FROM dead_letter l
       WHERE l.payment_id = ANY($1::text[]) AND l.attempts < $2
     UNION ALL
     SELECT m.subject_id, 'the sweeper had to remember ' || m.job_key FROM outbox_message m
       WHERE m.subject_id = ANY($1::text[]) AND m.job_key LIKE '%-swept-%'`,
    [ids, triesMin],
  );
  const keys = await rows<KeyRow>(
    `SELECT mall_id AS "mallId", path, key, payment_id AS "paymentId", cancel_id AS "cancelId", response_body AS body
     FROM idempotency_key WHERE payment_id = ANY($1::text[])`,
    [ids],
  );
  const [orphans] = await rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM van_orphan WHERE payment_id = ANY($1::text[])`,
    [ids],
  );
  return {
    payments: Map.groupBy(payments, (payment) => payment.orderId),
    cancels: Map.groupBy(cancels, (cancel) => cancel.paymentId),
    history: Map.groupBy(history, (fact) => fact.paymentId),
    events: Map.groupBy(events, (event) => event.subjectId),
    deliveries: Map.groupBy(deliveries, (delivery) => delivery.subjectId),
    ledger: Map.groupBy(ledger, (entry) => entry.paymentId),
    open: Map.groupBy(open, (entry) => entry.subjectId),
    keys: new Map(keys.map((row) => [`${row.mallId} ${row.path} ${row.key}`, row])),
    heard: Map.groupBy(world.receiver.heard, (heard) => heard.subjectId),
    told: Map.groupBy(world.told, (told) => told.orderId),
    orphans: orphans?.count ?? 0,
  };
}

/** I2, and the VAN's approvals that we know nothing of. */
function judgeOrder(world: World, orderId: string, payments: readonly PaymentRow[], say: Say): void {
  const live = payments.filter((payment) => !["ABORTED", "NET_CANCELED"].includes(payment.status));
  if (live.length > 1) say("I2", `${live.length} payments of the order hold money`);
  const known = new Set(payments.map((payment) => payment.traceNo));
  for (const van of world.vans.values()) {
    for (const approval of van.approvalsOf(orderId)) {
      if (!known.has(approval.original.traceNo))
        say("I1", `${van.code} approved ${approval.original.traceNo}, which no payment names`);
    }
    for (const overlap of van.overlapsOf(orderId)) {
      const wasLate = overlap.traceNos.some((traceNo) => isBeyondWindow(world, traceNo));
      if (!wasLate) say("I2", `${overlap.traceNos.join(" and ")} were live at once`);
    }
  }
}

/** The VAN took longer than it may: only follow-up inquiries find such an approval. */
function isBeyondWindow(world: World, traceNo: string): boolean {
  for (const van of world.vans.values()) {
    const approval = van.approvals.get(traceNo);
    if (approval) return approval.decidedAtMs > windowEndMs(world, van, approval.original.requestedAt);
  }
  return false;
}

function windowEndMs(world: World, van: Pick<SimVan, "code">, requestedAt: Date): number {
  const terms = world.termsOf(van.code);
  return requestedAt.getTime() + terms.connectTimeoutMs + terms.approveTimeoutMs + terms.processingWindowMs;
}

/** I4, I5, I6, I10: one payment by our own tables. */
function judgePayment(facts: Facts, payment: PaymentRow, say: Say): void {
  const { id, status } = payment;
  if (!finalStatuses.includes(status)) say("I4", `${id} rests as ${status}`);
  for (const { text } of facts.open.get(id) ?? []) say("I4", text);
  const cancels = facts.cancels.get(id) ?? [];
  const succeeded = sum(
    cancels.filter((cancel) => cancel.status === "SUCCEEDED").map((cancel) => cancel.amountMinor),
  );
  if (payment.reservedMinor !== 0n)
    say("I5", `${id} has ${payment.reservedMinor} set aside for no open cancel`);
  if (succeeded !== payment.canceledMinor)
    say("I5", `${id} says ${payment.canceledMinor} canceled, its cancels say ${succeeded}`);
  if (payment.canceledMinor > payment.amountMinor) say("I5", `${id} gave back more than it took`);
  for (const cancel of cancels)
    if (!["SUCCEEDED", "FAILED"].includes(cancel.status)) say("I4", `${cancel.id} rests as ${cancel.status}`);

  const ledger = facts.ledger.get(id) ?? [];
  for (const [eventKey, entries] of Map.groupBy(ledger, (entry) => entry.eventKey)) {
    const total = sum(entries.map((entry) => entry.amountMinor));
    if (total !== 0n) say("I6", `ledger event ${eventKey} sums to ${total}`);
  }
  const owed = -sum(
    ledger
      .filter((entry) => entry.account === `mall_payable:${payment.mallId}`)
      .map((entry) => entry.amountMinor),
  );
  const expected = bookedStatuses.includes(status) ? payment.amountMinor - payment.canceledMinor : 0n;
  if (owed !== expected)
    say("I6", `the ledger owes the mall ${owed} for ${id}, the payment says ${expected}`);

  const steps = (facts.history.get(id) ?? []).filter((fact) => fact.toStatus !== null);
  let at: PaymentStatus | null = null;
  for (const step of steps) {
    const isLegal =
      step.fromStatus === at &&
      (at === null || at === step.toStatus || mayMove(at, step.toStatus as PaymentStatus));
    if (!isLegal)
      say("I10", `${id} went from ${at} to ${step.toStatus}, its history says from ${step.fromStatus}`);
    at = step.toStatus;
  }
  if (at !== status) say("I10", `the history of ${id} ends as ${at}, the payment is ${status}`);
  const versions = new Set((facts.history.get(id) ?? []).map((fact) => fact.version));
  for (let version = 1; version <= payment.version; version++)
    if (!versions.has(version)) say("I10", `version ${version} of ${id} has no history`);
}

/** I1: row by row, our book and the VAN's. */
function judgeVan(world: World, facts: Facts, payment: PaymentRow, say: Say): void {
  const van = world.vans.get(payment.vanCode as VanCode);
  if (!van) throw new Error(`${payment.id} names no VAN of this world`);
  const approval = van.approvals.get(payment.traceNo);
  const atVan = approval?.state === "approved" ? approval.original.amountMinor - approval.canceledMinor : 0n;
  const ours = bookedStatuses.includes(payment.status) ? payment.amountMinor - payment.canceledMinor : 0n;
  if (atVan !== ours)
    say(
      "I1",
      `${payment.id} is ${payment.status} with ${ours}, ${van.code} holds ${atVan} (${approval?.state ?? "unknown"})`,
    );
  if (bookedStatuses.includes(payment.status) && approval?.approvalNo !== payment.approvalNo)
    say(
      "I1",
      `${payment.id} has approval number ${payment.approvalNo}, the VAN's is ${approval?.approvalNo}`,
    );
  if ((van.sent.get(`approve ${payment.traceNo}`) ?? 0) > 1)
    say("D5", `the approval ${payment.traceNo} was sent more than once`);

  const ourCancels = facts.cancels.get(payment.id) ?? [];
  for (const cancel of ourCancels) {
    if (cancel.origin === "NET_CANCEL") continue;
    const isCanceled = van.cancels.get(cancel.traceNo)?.result === "canceled";
    if (isCanceled !== (cancel.status === "SUCCEEDED"))
      say(
        "I1",
        `${cancel.id} is ${cancel.status}, ${van.code} says ${van.cancels.get(cancel.traceNo)?.result ?? "never seen"}`,
      );
  }
  const known = new Set([...ourCancels.map((cancel) => cancel.traceNo), reversalTraceNoOf(payment.traceNo)]);
  for (const traceNo of van.cancelsOf(payment.traceNo))
    if (!known.has(traceNo)) say("I1", `${van.code} canceled by ${traceNo}, which no cancel names`);

  const reversed = (facts.history.get(payment.id) ?? []).find((fact) => fact.toStatus === "NET_CANCELED");
  if (
    reversed?.reason === "not_found" &&
    reversed.at.getTime() < windowEndMs(world, van, payment.requestedAt)
  )
    say("D4", `${payment.id} was called reversed as not found while the VAN could still approve it`);
}

const eventOfStatus: Partial<Record<PaymentStatus, string>> = {
  ABORTED: "payment.failed",
  UNKNOWN: "payment.unknown",
  NET_CANCELED: "payment.net_canceled",
};

/** I7: each change is one event, each event is one delivery that was heard, in order, with one id and one body. */
function judgeEvents(world: World, facts: Facts, payment: PaymentRow, say: Say): void {
  const expected = (facts.history.get(payment.id) ?? []).flatMap(({ fromStatus, toStatus }) => {
    if (toStatus === null || toStatus === fromStatus) return [];
    if (toStatus === "DONE") return fromStatus === "IN_PROGRESS" ? ["payment.approved"] : [];
    return eventOfStatus[toStatus] ?? [];
  });
  const cancels = (facts.cancels.get(payment.id) ?? []).filter((cancel) => cancel.origin !== "NET_CANCEL");
  const given = cancels.filter((cancel) => cancel.status === "SUCCEEDED").length;
  const isAllGiven = payment.status === "CANCELED";
  expected.push(
    ...Array.from({ length: isAllGiven ? given - 1 : given }, () => "payment.partially_canceled"),
  );
  if (isAllGiven) expected.push("payment.canceled");
  for (const cancel of cancels) if (cancel.status === "FAILED") expected.push("cancel.failed");
  const events = facts.events.get(payment.id) ?? [];
  const written = events.map((event) => event.type);
  if (written.toSorted().join() !== expected.toSorted().join())
    say("I7", `${payment.id} has the events ${written.join(", ")} and should have ${expected.join(", ")}`);
  if (events.some((event) => event.sequence === null)) say("I7", `an event of ${payment.id} has no number`);
  if (!world.receiver.listens(payment.mallId)) return;

  const deliveries = facts.deliveries.get(payment.id) ?? [];
  const heard = facts.heard.get(payment.id) ?? [];
  for (const event of events) {
    const owed = deliveries.filter((delivery) => delivery.eventId === event.id);
    if (owed.length !== 1 || owed[0]?.status !== "DELIVERED")
      say(
        "I7",
        `event ${event.id} has the deliveries ${owed.map((delivery) => delivery.status).join(", ") || "none"}`,
      );
    const ears = heard.filter((one) => one.id === `evt_${event.id}`);
    if (!ears.some((one) => one.isAccepted)) say("I7", `event ${event.id} (${event.type}) was never heard`);
    if (new Set(ears.map((one) => one.body)).size > 1)
      say("I7", `event ${event.id} was heard with different bodies`);
  }
  if (!deliveries.some((delivery) => delivery.wasDead)) judgeOrderOfEvents(payment, heard, say);
}

function judgeOrderOfEvents(payment: PaymentRow, heard: readonly Heard[], say: Say): void {
  const seen = new Set<string>();
  let last = 0;
  for (const one of heard) {
    if (!one.isAccepted || seen.has(one.id)) continue;
    seen.add(one.id);
    if (one.sequence < last) say("WH-2", `event ${one.id} of ${payment.id} was heard after ${last}`);
    last = one.sequence;
  }
}

/** I4: how long the outcome was unknown. */
function judgeTimes(
  world: World,
  facts: Facts,
  payment: PaymentRow,
  isSlow: boolean,
  say: Say,
): number | undefined {
  const history = facts.history.get(payment.id) ?? [];
  const since = history.find((fact) => fact.toStatus === "UNKNOWN");
  if (!since) return undefined;
  const until =
    history.find((fact) => fact.toStatus === "NET_CANCELED")?.at.getTime() ?? world.scheduler.nowMs;
  const waitedMs = until - since.at.getTime();
  if (waitedMs > resolvedWithinMs && !isSlow)
    say("I4", `${payment.id} was UNKNOWN for ${Math.round(waitedMs / 1000)} s`);
  return waitedMs;
}

/** I3, IDM-6: what malls were told stays true, and is told again in the same words. */
function judgeTold(facts: Facts, payments: readonly PaymentRow[], say: Say): void {
  const told = facts.told.get(payments[0]?.orderId ?? "") ?? [];
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  const wantsNetCancel = told.some((one) => one.verb === "net_cancel");
  const finals = new Map<string, string>();
  for (const one of told) {
    if (one.seen.kind !== "reply") continue;
    const { code, data, body, status } = one.seen;
    if (code === "INTERNAL_ERROR") say("I3", `the mall was told of an internal error at ${one.verb}`);
    const payment = data.paymentKey === undefined ? undefined : byId.get(data.paymentKey);
    if (payment) judgeWords(facts, one, payment, wantsNetCancel, say);
    if (one.key === null || provisionalCodes.includes(code) || status === 202) continue;
    const place = `${one.mallId} ${one.path} ${one.key}`;
    const stored = facts.keys.get(place)?.body;
    const isFinal =
      status === 200 || stored === body || declineCodes.includes(code) || code === "PAYMENT_NET_CANCELED";
    if (!isFinal) continue;
    if (stored !== body)
      say(
        "IDM-6",
        `${one.verb} with key ${one.key} was answered ${body.slice(0, 300)}, and ${stored?.slice(0, 300) ?? "nothing"} is kept`,
      );
    const before = finals.get(place);
    if (before !== undefined && before !== body)
      say("IDM-6", `key ${one.key} was answered finally in two ways`);
    finals.set(place, body);
  }
}

function judgeWords(facts: Facts, told: Told, payment: PaymentRow, wantsNetCancel: boolean, say: Say): void {
  if (told.seen.kind !== "reply") return;
  const { code, data, status } = told.seen;
  const history = facts.history.get(payment.id) ?? [];
  const cancels = facts.cancels.get(payment.id) ?? [];
  if (told.verb === "approve" && code === "SUCCESS" && data.status === "DONE") {
    const done = history.find((fact) => fact.toStatus === "DONE" && fact.fromStatus === "IN_PROGRESS");
    if (!done || done.at.getTime() > told.atMs)
      say("I3", `the mall was told DONE of ${payment.id}, which was not`);
    if (payment.status === "NET_CANCELED" && !wantsNetCancel)
      say("I3", `the mall was told DONE of ${payment.id}, which was net-cancelled without its wish`);
  }
  if (told.verb === "approve" && code === "PAYMENT_NET_CANCELED" && payment.status !== "NET_CANCELED")
    say("I3", `the mall was told that ${payment.id} was net-cancelled; it is ${payment.status}`);
  if (
    told.verb === "approve" &&
    (declineCodes.includes(code) || (code === "VAN_UNAVAILABLE" && data.charged === false)) &&
    payment.status !== "ABORTED"
  )
    say("I3", `the mall was told ${code} of ${payment.id}; it is ${payment.status}`);
  if (told.verb === "net_cancel" && status === 200 && !["NET_CANCELED", "ABORTED"].includes(payment.status))
    say("I3", `the mall was told that ${payment.id} holds nothing; it is ${payment.status}`);
  if (told.verb === "cancel" && data.cancelKey !== undefined) {
    const cancel = cancels.find((one) => one.id === data.cancelKey);
    if (code !== "PAYMENT_RESULT_UNKNOWN" && cancel?.status !== "FAILED")
      say("I3", `the mall was told that ${data.cancelKey} failed; it is ${cancel?.status}`);
  }
  if (told.verb === "cancel" && code === "SUCCESS" && told.key !== null) {
    const cancelId = facts.keys.get(`${told.mallId} ${told.path} ${told.key}`)?.cancelId;
    const cancel = cancels.find((one) => one.id === cancelId);
    if (cancel?.status !== "SUCCEEDED")
      say("I3", `the mall was told that its cancel ${cancelId} succeeded; it is ${cancel?.status}`);
  }
}

/** What must hold for the world as a whole: the audit chain (I9) and the numbers of events (WH-2). */
export async function judgeWorld(world: World): Promise<string[]> {
  const { rows } = world.database;
  await world.database.setTime(world.scheduler.nowMs);
  const [audit] = await rows<{ broken: bigint | null }>("SELECT audit_verify() AS broken");
  const [sequence] = await rows<{ count: bigint; last: bigint }>(
    "SELECT count(sequence) AS count, coalesce(max(sequence), 0) AS last FROM event",
  );
  return [
    ...world.troubles,
    ...(audit?.broken == null ? [] : [`I9: the audit chain breaks at ${audit.broken}`]),
    ...(sequence?.count === sequence?.last
      ? []
      : [`WH-2: ${sequence?.count} events are numbered up to ${sequence?.last}`]),
    ...world.receiver.badSignatures.map((id) => `WH-1: ${id} was signed by nobody we know`),
  ];
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
