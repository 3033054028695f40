import type { Books, OurPayment, VanLine } from "./books.ts";
import type { HookSaw, MallSaw } from "./history.ts";
import { resolutionsOf } from "./resolutions.ts";

/** One thing that must hold, over how many cases it was looked at, and what breaks it. */
export type Check = Readonly<{
  name: string;
  passed: boolean;
  /** How many cases it was looked at. */
  cases: number;
  findings: readonly Finding[];
}>;
export type Finding = Readonly<{ subject: string; says: string }>;

type Seen = Readonly<{ books: Books; requests: readonly MallSaw[]; hooks: readonly HookSaw[] }>;

/** What a VAN holds of one approval. */
type Held = {
  line: VanLine;
  canceled: number;
  isNetCanceled: boolean;
};

const unresolvedStatuses = ["READY", "IN_PROGRESS", "UNKNOWN", "CANCEL_PENDING"];
const resolvedWithinMs = 5 * 60_000;
const paidStatuses = ["DONE", "PARTIAL_CANCELED", "CANCELED"];

/** Judges a run that has come to rest: the VANs' books against ours, and both against what the malls saw. */
export function judge(seen: Seen): Check[] {
  const held = readHeld(seen.books.van);
  return [
    booksAgree(seen.books, held),
    vanApprovalsAreOurs(seen.books, held),
    cancelsAgree(seen.books),
    noDoubleCharge(held),
    noOverRefund(seen.books, held),
    toldDoneIsDone(seen),
    toldCanceledIsCanceled(seen),
    toldNotChargedIsNot(seen),
    nothingUnresolved(seen.books),
    resolvedInTime(seen.books),
    noOpenOrphans(seen.books),
    lettersResolved(seen.books),
    ledgerBalances(seen.books),
    eventsMatchHistory(seen.books),
    eventsHaveDeliveries(seen.books),
    deliveredWasReceived(seen),
    webhooksAreGenuine(seen.hooks),
    webhooksKeepTheirId(seen.hooks),
    webhooksKeepTheirOrder(seen.hooks),
    auditChainHolds(seen.books),
  ];
}

function check(name: string, cases: number, findings: readonly Finding[]): Check {
  return { name, cases, findings, passed: findings.length === 0 };
}

const traceKey = (van: string, traceNo: string) => `${van} ${traceNo}`;
const orderKey = ({ mallId, orderId }: { mallId: string; orderId: string }) => `${mallId} ${orderId}`;

/** Replays the VANs' books: which approvals they made and what they gave back of each. */
function readHeld(lines: readonly VanLine[]): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const line of lines) {
    const key = traceKey(line.van, line.type === "CANCEL" ? (line.originalTraceNo ?? "") : line.traceNo);
    const approval = held.get(key);
    if (line.type === "APPROVE" && line.result === "APPROVED")
      held.set(key, { line, canceled: 0, isNetCanceled: false });
    if (line.type === "CANCEL" && line.result === "CANCELED" && approval) approval.canceled += line.amount;
    if (line.type === "NET_CANCEL" && line.result === "NET_CANCELED" && approval)
      approval.isNetCanceled = true;
  }
  return held;
}

const liveOf = (approval: Held | undefined) =>
  approval === undefined || approval.isNetCanceled ? 0 : approval.line.amount - approval.canceled;

/** What the VAN must still hold of a payment in this status. */
function expectedLive({ status, amount, canceled }: OurPayment): number | undefined {
  if (status === "DONE") return amount;
  if (status === "PARTIAL_CANCELED" || status === "CANCELED") return amount - canceled;
  return unresolvedStatuses.includes(status) ? undefined : 0;
}

/** I1: each of our payments is at the VAN as we say. */
function booksAgree({ payments }: Books, held: ReadonlyMap<string, Held>): Check {
  const findings = payments.flatMap((payment): Finding[] => {
    const approval = held.get(traceKey(payment.vanCode, payment.traceNo));
    const expected = expectedLive(payment);
    const live = liveOf(approval);
    if (expected === undefined) return [];
    if (approval && approval.line.amount !== payment.amount)
      return [
        { subject: payment.id, says: `the VAN approved ${approval.line.amount}, we say ${payment.amount}` },
      ];
    if (approval === undefined && paidStatuses.includes(payment.status))
      return [{ subject: payment.id, says: `we say ${payment.status}, the VAN never approved it` }];
    return live === expected
      ? []
      : [
          {
            subject: payment.id,
            says: `we say ${payment.status} with ${expected} left, the VAN holds ${live}`,
          },
        ];
  });
  return check("each payment is at its VAN as our books say, won for won", payments.length, findings);
}

/** Nothing is at a VAN that we do not know of. */
function vanApprovalsAreOurs({ payments }: Books, held: ReadonlyMap<string, Held>): Check {
  const ours = new Set(payments.map(({ vanCode, traceNo }) => traceKey(vanCode, traceNo)));
  const findings = [...held].flatMap(([key, { line }]): Finding[] =>
    ours.has(key)
      ? []
      : [{ subject: line.orderId, says: `${line.van} approved ${line.traceNo}, we have no such payment` }],
  );
  return check("each approval of a VAN is a payment of ours", held.size, findings);
}

/** Cancel for cancel, by trace number. Net cancels of booked approvals end as a net cancel at the VAN, or as a cancel in its place. */
function cancelsAgree({ cancels, payments, van }: Books): Check {
  const vanOf = new Map(payments.map(({ id, vanCode }) => [id, vanCode]));
  const atVan = new Map(
    van
      .filter(({ type, result }) => type === "CANCEL" && result === "CANCELED")
      .map((line) => [traceKey(line.van, line.traceNo), line]),
  );
  const known = new Set<string>();
  const findings: Finding[] = [];
  for (const cancel of cancels) {
    if (cancel.origin === "NET_CANCEL") continue;
    const key = traceKey(vanOf.get(cancel.paymentId) ?? "", cancel.traceNo);
    known.add(key);
    const line = atVan.get(key);
    if (cancel.status === "SUCCEEDED" && line?.amount !== cancel.amount)
      findings.push({
        subject: cancel.paymentId,
        says: `cancel ${cancel.id} of ${cancel.amount} succeeded, the VAN ${line ? `cancelled ${line.amount}` : "knows of none"}`,
      });
    if (cancel.status === "FAILED" && line)
      findings.push({ subject: cancel.paymentId, says: `cancel ${cancel.id} failed, the VAN did it` });
  }
  const reversed = new Set(
    payments
      .filter(({ status }) => status === "NET_CANCELED")
      .map(({ vanCode, traceNo }) => traceKey(vanCode, traceNo)),
  );
  for (const [key, line] of atVan) {
    if (known.has(key) || reversed.has(traceKey(line.van, line.originalTraceNo ?? ""))) continue;
    findings.push({
      subject: line.orderId,
      says: `${line.van} cancelled ${line.amount} (${line.traceNo}), we have no such cancel`,
    });
  }
  return check(
    "each cancel is at the VAN as our books say, and none is there that we do not know",
    cancels.length + atVan.size,
    findings,
  );
}

/** I2 over both VANs together. */
function noDoubleCharge(held: ReadonlyMap<string, Held>): Check {
  const liveByOrder = Map.groupBy(
    [...held.values()].filter((approval) => liveOf(approval) > 0),
    ({ line }) => orderKey(line),
  );
  const orders = new Set([...held.values()].map(({ line }) => orderKey(line)));
  const findings = [...liveByOrder].flatMap(([, live]): Finding[] =>
    live.length < 2
      ? []
      : [
          {
            subject: live[0]?.line.orderId ?? "",
            says: `${live.length} live approvals: ${live.map(({ line }) => `${line.van} ${line.traceNo}`).join(", ")}`,
          },
        ],
  );
  return check("no order is charged twice, at both VANs together", orders.size, findings);
}

/** I5: nothing is given back that was not taken. */
function noOverRefund({ payments }: Books, held: ReadonlyMap<string, Held>): Check {
  const findings: Finding[] = [];
  for (const approval of held.values()) {
    if (approval.canceled > approval.line.amount || (approval.isNetCanceled && approval.canceled > 0))
      findings.push({
        subject: approval.line.orderId,
        says: `the VAN gave ${approval.canceled} of ${approval.line.amount} back${approval.isNetCanceled ? " and reversed it too" : ""}`,
      });
  }
  for (const payment of payments) {
    if (payment.canceled < 0 || payment.canceled + payment.reserved > payment.amount)
      findings.push({
        subject: payment.id,
        says: `${payment.canceled} cancelled and ${payment.reserved} set aside of ${payment.amount}`,
      });
    if (!unresolvedStatuses.includes(payment.status) && payment.reserved !== 0)
      findings.push({
        subject: payment.id,
        says: `${payment.reserved} is still set aside though nothing is under way`,
      });
  }
  return check(
    "nothing is refunded beyond what was paid, and nothing stays set aside",
    payments.length,
    findings,
  );
}

/** I3: who was told DONE has it, unless they asked for it to be taken back. */
function toldDoneIsDone({ books, requests }: Seen): Check {
  const byId = new Map(books.payments.map((payment) => [payment.id, payment]));
  const asked = new Set(
    requests
      .filter(({ operation }) => operation === "cancel" || operation === "net-cancel")
      .map((saw) => `${saw.operation} ${orderKey(saw)}`),
  );
  const told = requests.filter(({ status, paymentStatus }) => status === 200 && paymentStatus === "DONE");
  const findings = told.flatMap((saw): Finding[] => {
    const payment = byId.get(saw.paymentKey ?? "");
    if (!payment)
      return [
        { subject: saw.paymentKey ?? saw.orderId, says: "the mall was told DONE, we have no such payment" },
      ];
    const order = orderKey(saw);
    const isRight =
      payment.status === "DONE" ||
      (["CANCELED", "PARTIAL_CANCELED", "CANCEL_PENDING"].includes(payment.status) &&
        asked.has(`cancel ${order}`)) ||
      (payment.status === "NET_CANCELED" && asked.has(`net-cancel ${order}`));
    return isRight
      ? []
      : [
          {
            subject: payment.id,
            says: `the mall was told DONE by ${saw.operation} and asked for nothing since, we say ${payment.status}`,
          },
        ];
  });
  return check(
    "every DONE that a mall saw is DONE, or was taken back at its own wish",
    told.length,
    findings,
  );
}

/** Every cancel that a mall was told of stands. */
function toldCanceledIsCanceled({ books, requests }: Seen): Check {
  const byId = new Map(books.cancels.map((cancel) => [cancel.id, cancel]));
  const told = requests.flatMap(({ status, cancels, paymentKey }) =>
    status === 200
      ? cancels.flatMap((cancel) => (cancel.status === "SUCCEEDED" ? [{ ...cancel, paymentKey }] : []))
      : [],
  );
  const findings = told.flatMap(({ cancelKey, amount, paymentKey }): Finding[] => {
    const cancel = byId.get(cancelKey);
    return cancel?.status === "SUCCEEDED" && cancel.amount === amount
      ? []
      : [
          {
            subject: paymentKey ?? cancelKey,
            says: `the mall was told that ${cancelKey} of ${amount} succeeded, we say ${cancel?.status ?? "nothing"}`,
          },
        ];
  });
  return check("every cancel that a mall was told of stands", told.length, findings);
}

/** Who was told that nobody was charged may sell the goods to somebody else. */
function toldNotChargedIsNot({ books, requests }: Seen): Check {
  const byId = new Map(books.payments.map((payment) => [payment.id, payment]));
  const told = requests.filter(
    ({ operation, status, code, paymentKey }) =>
      operation === "approve" &&
      paymentKey !== null &&
      (status === 422 || code === "PAYMENT_NET_CANCELED" || code === "VAN_UNAVAILABLE"),
  );
  const findings = told.flatMap(({ paymentKey, code }): Finding[] => {
    const payment = byId.get(paymentKey ?? "");
    return payment?.status === "NET_CANCELED" || payment?.status === "ABORTED"
      ? []
      : [
          {
            subject: paymentKey ?? "",
            says: `the mall was told ${code}, we say ${payment?.status ?? "nothing"}`,
          },
        ];
  });
  return check(
    "every payment of which a mall was told that nobody was charged is not charged",
    told.length,
    findings,
  );
}

/** I4: nothing is left hanging. What only a person can end lies among the dead letters. */
function nothingUnresolved({ payments, cancels, letters }: Books): Check {
  const parked = new Set(
    letters.filter(({ status }) => status === "PARKED").map(({ subjectId }) => subjectId),
  );
  const findings: Finding[] = [
    ...payments
      .filter(({ id, status }) => unresolvedStatuses.includes(status) && !parked.has(id))
      .map(({ id, status }) => ({ subject: id, says: `still ${status}` })),
    ...cancels
      .filter(
        ({ id, paymentId, status }) =>
          (status === "REQUESTED" || status === "UNKNOWN") && !parked.has(id) && !parked.has(paymentId),
      )
      .map(({ id, paymentId, status }) => ({ subject: paymentId, says: `cancel ${id} is still ${status}` })),
  ];
  return check("nothing is unresolved", payments.length + cancels.length, findings);
}

function resolvedInTime({ steps }: Books): Check {
  const times = resolutionsOf(steps);
  const findings = times.flatMap(({ paymentId, tookMs }): Finding[] =>
    tookMs <= resolvedWithinMs
      ? []
      : [{ subject: paymentId, says: `took ${Math.round(tookMs / 1_000)} s to be resolved` }],
  );
  return check("no unknown outcome took more than five minutes", times.length, findings);
}

function noOpenOrphans({ orphans }: Books): Check {
  const findings = orphans.flatMap(({ paymentId, state }): Finding[] =>
    state === "REVERSED"
      ? []
      : [{ subject: paymentId, says: `money found live after its payment had ended is ${state}` }],
  );
  return check("money that came too late was given back", orphans.length, findings);
}

function lettersResolved({ letters }: Books): Check {
  const findings = letters.flatMap(({ id, status, jobName, subjectId, reason, lastError }): Finding[] =>
    status === "RESOLVED"
      ? []
      : [
          {
            subject: subjectId,
            says: `dead letter ${id} (${jobName}, ${reason}: ${lastError}) is ${status} after one re-drive`,
          },
        ],
  );
  return check("every dead letter was resolved by one re-drive", letters.length, findings);
}

function ledgerBalances({ ledger }: Books): Check {
  const findings = ledger.unbalanced.map((eventKey) => ({
    subject: eventKey,
    says: "its postings do not sum to zero",
  }));
  return check("the ledger sums to zero, event by event", ledger.events, findings);
}

/** Which event a step of a payment's life owes. */
function eventOf(step: {
  fromStatus: string | null;
  toStatus: string | null;
  kind: string;
}): string | undefined {
  switch (step.kind) {
    case "cancel_failed":
      return "cancel.failed";
    case "cancel_succeeded":
      return step.toStatus === "CANCELED" ? "payment.canceled" : "payment.partially_canceled";
  }
  if (step.fromStatus === step.toStatus) return undefined;
  switch (step.toStatus) {
    case "DONE":
      return step.fromStatus === "IN_PROGRESS" ? "payment.approved" : undefined;
    case "ABORTED":
      return "payment.failed";
    case "UNKNOWN":
      return "payment.unknown";
    case "NET_CANCELED":
      return "payment.net_canceled";
    default:
      return undefined;
  }
}

/** I7: every change that the mall must hear of made exactly one event, numbered without a gap. */
function eventsMatchHistory({ steps, events }: Books): Check {
  const owed = new Map<string, number>();
  const count = (key: string, by: number) => void owed.set(key, (owed.get(key) ?? 0) + by);
  for (const step of steps) {
    const type = eventOf(step);
    if (type) count(`${step.paymentId} ${type}`, 1);
  }
  for (const { subjectId, type } of events) count(`${subjectId} ${type}`, -1);
  const findings = [...owed].flatMap(([key, missing]): Finding[] =>
    missing === 0
      ? []
      : [
          {
            subject: key.split(" ")[0] ?? "",
            says: `${Math.abs(missing)} event ${key.split(" ")[1]} ${missing > 0 ? "is missing" : "too many"}`,
          },
        ],
  );
  const numbers = events.flatMap(({ sequence }) => sequence ?? []).toSorted((a, b) => a - b);
  const unnumbered = events.length - numbers.length;
  if (unnumbered > 0)
    findings.push({ subject: "event", says: `${unnumbered} events have no place in the sequence` });
  const gap = numbers.findIndex((sequence, index) => sequence !== index + 1);
  if (gap >= 0) findings.push({ subject: "event", says: `the sequence has a gap or a double at ${gap + 1}` });
  return check(
    "every change of a payment made exactly one event, numbered without a gap",
    events.length,
    findings,
  );
}

function eventsHaveDeliveries({ events, deliveries, endpoints }: Books): Check {
  const byEvent = Map.groupBy(deliveries, ({ eventId }) => eventId);
  let cases = 0;
  const findings = events.flatMap((event): Finding[] => {
    const made = byEvent.get(event.id) ?? [];
    return endpoints
      .filter(({ mallId }) => mallId === event.mallId)
      .flatMap(({ id }): Finding[] => {
        cases++;
        const own = made.filter(({ endpointId }) => endpointId === id);
        const isOver = own.length === 1 && (own[0]?.status === "DELIVERED" || own[0]?.status === "DEAD");
        return isOver
          ? []
          : [
              {
                subject: event.subjectId,
                says: `event ${event.id} at ${id}: ${own.map(({ status }) => status).join(", ") || "no delivery"}`,
              },
            ];
      });
  });
  return check("every event was delivered to every endpoint, or given up", cases, findings);
}

function deliveredWasReceived({ books, hooks }: Seen): Check {
  const received = new Set(
    hooks
      .filter(({ answered }) => answered === 200)
      .map(({ endpointId, webhookId }) => `${endpointId} ${webhookId}`),
  );
  const delivered = books.deliveries.filter(({ status }) => status === "DELIVERED");
  const findings = delivered.flatMap(({ endpointId, eventId }): Finding[] =>
    received.has(`${endpointId} evt_${eventId}`)
      ? []
      : [{ subject: `evt_${eventId}`, says: `delivered to ${endpointId} by our books, which never took it` }],
  );
  return check("what our books call delivered was received", delivered.length, findings);
}

function webhooksAreGenuine(hooks: readonly HookSaw[]): Check {
  const findings = hooks.flatMap(({ isGenuine, webhookId, endpointId }): Finding[] =>
    isGenuine ? [] : [{ subject: webhookId, says: `its signature does not verify at ${endpointId}` }],
  );
  return check("every webhook's signature verifies (standardwebhooks)", hooks.length, findings);
}

function webhooksKeepTheirId(hooks: readonly HookSaw[]): Check {
  const ids = new Map<number, Set<string>>();
  const sequences = new Map<string, Set<number>>();
  for (const { sequence, webhookId } of hooks) {
    ids.set(sequence, (ids.get(sequence) ?? new Set()).add(webhookId));
    sequences.set(webhookId, (sequences.get(webhookId) ?? new Set()).add(sequence));
  }
  const findings: Finding[] = [
    ...[...ids]
      .filter(([, of]) => of.size > 1)
      .map(([sequence, of]) => ({ subject: `sequence ${sequence}`, says: `came as ${[...of].join(", ")}` })),
    ...[...sequences]
      .filter(([, of]) => of.size > 1)
      .map(([id, of]) => ({ subject: id, says: `came for sequences ${[...of].join(", ")}` })),
  ];
  return check("one event has one webhook-id, however often it is sent", ids.size, findings);
}

/** WH-2: the events of one payment are taken in their order. */
function webhooksKeepTheirOrder(hooks: readonly HookSaw[]): Check {
  const firstTaken = new Map<string, Map<number, number>>();
  for (const [place, { endpointId, subjectId, sequence, answered }] of hooks.entries()) {
    if (answered !== 200) continue;
    const key = `${endpointId} ${subjectId}`;
    const taken = firstTaken.get(key) ?? new Map<number, number>();
    if (!taken.has(sequence)) taken.set(sequence, place);
    firstTaken.set(key, taken);
  }
  const findings = [...firstTaken].flatMap(([key, taken]): Finding[] => {
    const places = [...taken].toSorted(([a], [b]) => a - b).map(([, place]) => place);
    return places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))
      ? []
      : [{ subject: key.split(" ")[1] ?? "", says: `its events came to ${key.split(" ")[0]} out of order` }];
  });
  return check("the events of one payment come in their order", firstTaken.size, findings);
}

function auditChainHolds({ audit }: Books): Check {
  const findings =
    audit.brokenAt === null ? [] : [{ subject: `audit ${audit.brokenAt}`, says: "the chain breaks here" }];
  return check("the audit chain is whole", audit.rows, findings);
}
