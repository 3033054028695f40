import { describe, expect, test } from "vitest";
import type { Books, OurPayment, OurStep, VanLine } from "./books.ts";
import type { HookSaw, MallSaw } from "./history.ts";
import { judge } from "./referee.ts";

type Draft = { -readonly [Key in keyof Books]: Books[Key] } & {
  requests: MallSaw[];
  hooks: HookSaw[];
};

const mallId = "mall_A";
const noon = Date.parse("2026-11-22T03:00:00Z");

const line = (named: Partial<VanLine>): VanLine => ({
  van: "SBX1",
  seq: 1,
  type: "APPROVE",
  traceNo: "T1",
  mallId,
  orderId: "order-1",
  amount: 10_000,
  result: "APPROVED",
  at: "2026-11-22T03:00:00Z",
  ...named,
});

const payment = (named: Partial<OurPayment>): OurPayment => ({
  id: "pay_1",
  mallId,
  orderId: "order-1",
  status: "DONE",
  vanCode: "SBX1",
  traceNo: "T1",
  amount: 10_000,
  canceled: 0,
  reserved: 0,
  requestedAt: new Date(noon),
  ...named,
});

const step = (
  paymentId: string,
  kind: string,
  from: string | null,
  to: string | null,
  afterMs = 0,
): OurStep => ({
  paymentId,
  kind,
  fromStatus: from,
  toStatus: to,
  cancelId: kind.startsWith("cancel_") ? "cxl_1" : null,
  at: new Date(noon + afterMs),
});

const saw = (named: Partial<MallSaw>): MallSaw => ({
  atMs: noon,
  tookMs: 10,
  mallId,
  orderId: "order-1",
  operation: "approve",
  path: "/payments",
  key: "k1",
  attempt: 1,
  amount: 10_000,
  testCode: null,
  status: 200,
  code: "SUCCESS",
  isReplay: false,
  paymentKey: "pay_1",
  paymentStatus: "DONE",
  cancels: [],
  ...named,
});

const hook = (named: Partial<HookSaw>): HookSaw => ({
  atMs: noon,
  endpointId: "whe_1",
  webhookId: "evt_1",
  type: "payment.approved",
  sequence: 1,
  subjectId: "pay_1",
  isGenuine: true,
  answered: 200,
  ...named,
});

/** Three orders: paid, paid and partly cancelled, unknown and reversed. */
function goodRun(): Draft {
  return {
    van: [
      line({}),
      line({ orderId: "order-2", traceNo: "T2" }),
      line({
        orderId: "order-2",
        traceNo: "C2",
        originalTraceNo: "T2",
        type: "CANCEL",
        amount: 4_000,
        result: "CANCELED",
      }),
      line({ van: "SBX2", orderId: "order-3", traceNo: "T3" }),
      line({ van: "SBX2", orderId: "order-3", traceNo: "T3", type: "NET_CANCEL", result: "NET_CANCELED" }),
    ],
    payments: [
      payment({}),
      payment({
        id: "pay_2",
        orderId: "order-2",
        traceNo: "T2",
        status: "PARTIAL_CANCELED",
        canceled: 4_000,
      }),
      payment({ id: "pay_3", orderId: "order-3", traceNo: "T3", status: "NET_CANCELED", vanCode: "SBX2" }),
    ],
    cancels: [
      { id: "cxl_1", paymentId: "pay_2", status: "SUCCEEDED", origin: "API", traceNo: "C2", amount: 4_000 },
    ],
    steps: [
      step("pay_1", "approved", "IN_PROGRESS", "DONE"),
      step("pay_2", "approved", "IN_PROGRESS", "DONE"),
      step("pay_2", "cancel_succeeded", "CANCEL_PENDING", "PARTIAL_CANCELED"),
      step("pay_3", "unknown", "IN_PROGRESS", "UNKNOWN"),
      step("pay_3", "net_canceled", "UNKNOWN", "NET_CANCELED", 2_000),
    ],
    events: [
      { id: 1, sequence: 1, type: "payment.approved", mallId, subjectId: "pay_1" },
      { id: 2, sequence: 2, type: "payment.approved", mallId, subjectId: "pay_2" },
      { id: 3, sequence: 3, type: "payment.partially_canceled", mallId, subjectId: "pay_2" },
      { id: 4, sequence: 4, type: "payment.unknown", mallId, subjectId: "pay_3" },
      { id: 5, sequence: 5, type: "payment.net_canceled", mallId, subjectId: "pay_3" },
    ],
    endpoints: [{ id: "whe_1", mallId }],
    deliveries: [1, 2, 3, 4, 5].map((eventId) => ({ endpointId: "whe_1", eventId, status: "DELIVERED" })),
    letters: [],
    orphans: [],
    ledger: { events: 3, unbalanced: [] },
    audit: { rows: 1, brokenAt: null },
    requests: [
      saw({}),
      saw({ orderId: "order-2", paymentKey: "pay_2" }),
      saw({
        orderId: "order-2",
        paymentKey: "pay_2",
        operation: "cancel",
        paymentStatus: "PARTIAL_CANCELED",
        cancels: [{ cancelKey: "cxl_1", status: "SUCCEEDED", amount: 4_000 }],
      }),
      saw({
        orderId: "order-3",
        paymentKey: "pay_3",
        status: 502,
        code: "PAYMENT_NET_CANCELED",
        paymentStatus: "NET_CANCELED",
      }),
    ],
    hooks: [
      hook({ answered: 500 }),
      hook({}),
      hook({ sequence: 2, webhookId: "evt_2", subjectId: "pay_2" }),
      hook({ sequence: 3, webhookId: "evt_3", subjectId: "pay_2" }),
      hook({ sequence: 4, webhookId: "evt_4", subjectId: "pay_3" }),
      hook({ sequence: 5, webhookId: "evt_5", subjectId: "pay_3" }),
    ],
  };
}

/** The words of the checks that fail, cut to their first few. */
function failures(draft: Draft): string[] {
  return judge({ books: draft, requests: draft.requests, hooks: draft.hooks })
    .filter(({ passed }) => !passed)
    .map(({ name }) => name);
}

test("finds nothing in a run in which all went well", () => {
  expect(failures(goodRun())).toEqual([]);
});

const booksDiffer = "each payment is at its VAN as our books say, won for won";
const cancelsDiffer = "each cancel is at the VAN as our books say, and none is there that we do not know";
const eventsDiffer = "every change of a payment made exactly one event, numbered without a gap";

describe("finds", () => {
  const broken: readonly (readonly [
    what: string,
    names: readonly string[],
    break_: (draft: Draft) => void,
  ])[] = [
    [
      "an approval that the VAN does not have",
      [booksDiffer],
      (draft) => {
        draft.van = draft.van.slice(1);
      },
    ],
    [
      "a reversed payment that is live",
      [booksDiffer],
      (draft) => {
        draft.van = draft.van.slice(0, -1);
      },
    ],
    [
      "an amount that differs",
      [booksDiffer],
      (draft) => {
        draft.van = [line({ amount: 9_000 }), ...draft.van.slice(1)];
      },
    ],
    [
      "an approval that is not ours",
      ["each approval of a VAN is a payment of ours"],
      (draft) => {
        draft.van = [...draft.van, line({ orderId: "order-9", traceNo: "T9" })];
      },
    ],
    [
      "a double charge over both VANs",
      ["each approval of a VAN is a payment of ours", "no order is charged twice, at both VANs together"],
      (draft) => {
        draft.van = [...draft.van, line({ van: "SBX2", traceNo: "T9" })];
      },
    ],
    [
      "a cancel that the VAN never did",
      [booksDiffer, cancelsDiffer],
      (draft) => {
        draft.van = draft.van.filter(({ type }) => type !== "CANCEL");
      },
    ],
    [
      "a cancel that failed with us and was done at the VAN",
      [cancelsDiffer, "every cancel that a mall was told of stands"],
      (draft) => {
        draft.cancels = draft.cancels.map((cancel) => ({ ...cancel, status: "FAILED" }));
      },
    ],
    [
      "a refund beyond the payment",
      [booksDiffer, cancelsDiffer, "nothing is refunded beyond what was paid, and nothing stays set aside"],
      (draft) => {
        draft.van = [
          ...draft.van,
          line({
            orderId: "order-2",
            traceNo: "C9",
            originalTraceNo: "T2",
            type: "CANCEL",
            amount: 9_000,
            result: "CANCELED",
          }),
        ];
      },
    ],
    [
      "an amount that stays set aside",
      ["nothing is refunded beyond what was paid, and nothing stays set aside"],
      (draft) => {
        draft.payments = draft.payments.map((one) => (one.id === "pay_1" ? { ...one, reserved: 100 } : one));
      },
    ],
    [
      "a DONE that was told and taken back without a wish",
      ["every DONE that a mall saw is DONE, or was taken back at its own wish"],
      (draft) => {
        draft.requests.push(saw({ orderId: "order-3", paymentKey: "pay_3" }));
      },
    ],
    [
      "a payment told as not charged that is charged",
      ["every payment of which a mall was told that nobody was charged is not charged"],
      (draft) => {
        draft.requests.push(
          saw({ status: 502, code: "PAYMENT_NET_CANCELED", paymentStatus: "NET_CANCELED" }),
        );
      },
    ],
    [
      "a payment left unknown",
      ["nothing is unresolved"],
      (draft) => {
        draft.payments = draft.payments.map((one) =>
          one.id === "pay_3" ? { ...one, status: "UNKNOWN" } : one,
        );
        draft.requests.pop();
      },
    ],
    [
      "a resolution that took too long",
      ["no unknown outcome took more than five minutes"],
      (draft) => {
        draft.steps = [
          ...draft.steps.slice(0, -1),
          step("pay_3", "net_canceled", "UNKNOWN", "NET_CANCELED", 301_000),
        ];
      },
    ],
    [
      "money found late and not given back",
      ["money that came too late was given back"],
      (draft) => {
        draft.orphans = [{ paymentId: "pay_3", state: "OPEN", source: "inquiry" }];
      },
    ],
    [
      "a dead letter that a re-drive did not resolve",
      ["every dead letter was resolved by one re-drive"],
      (draft) => {
        draft.letters = [
          {
            id: "dl_1",
            status: "PARKED",
            jobName: "net-cancel",
            subjectId: "pay_3",
            reason: "VAN_TIMEOUT",
            lastError: "",
            resolution: null,
          },
        ];
      },
    ],
    [
      "an unbalanced ledger event",
      ["the ledger sums to zero, event by event"],
      (draft) => {
        draft.ledger = { events: 3, unbalanced: ["pay:pay_1:approve"] };
      },
    ],
    [
      "a change without its event",
      [eventsDiffer],
      (draft) => {
        draft.steps = [...draft.steps, step("pay_1", "unknown", "IN_PROGRESS", "UNKNOWN")];
      },
    ],
    [
      "an event that was made twice",
      [eventsDiffer, "every event was delivered to every endpoint, or given up"],
      (draft) => {
        draft.events = [
          ...draft.events,
          { id: 6, sequence: 6, type: "payment.approved", mallId, subjectId: "pay_1" },
        ];
      },
    ],
    [
      "a gap in the sequence",
      [eventsDiffer],
      (draft) => {
        draft.events = draft.events.map((event) => (event.id === 5 ? { ...event, sequence: 6 } : event));
      },
    ],
    [
      "a webhook still on its way",
      ["every event was delivered to every endpoint, or given up"],
      (draft) => {
        draft.deliveries = draft.deliveries.map((one) =>
          one.eventId === 5 ? { ...one, status: "PENDING" } : one,
        );
      },
    ],
    [
      "a webhook that nobody received",
      ["what our books call delivered was received"],
      (draft) => {
        draft.hooks.pop();
      },
    ],
    [
      "a forged webhook",
      ["every webhook's signature verifies (standardwebhooks)"],
      (draft) => {
        draft.hooks.push(hook({ isGenuine: false }));
      },
    ],
    [
      "an event under two webhook-ids",
      ["one event has one webhook-id, however often it is sent"],
      (draft) => {
        draft.hooks.push(hook({ webhookId: "evt_9" }));
      },
    ],
    [
      "webhooks out of order",
      ["the events of one payment come in their order"],
      (draft) => {
        draft.hooks.reverse();
      },
    ],
    [
      "a broken audit chain",
      ["the audit chain is whole"],
      (draft) => {
        draft.audit = { rows: 3, brokenAt: 2 };
      },
    ],
  ];

  test.each(broken)("%s", (_what, names, break_) => {
    const draft = goodRun();
    break_(draft);
    expect(failures(draft)).toEqual(names);
  });

  test("none of it when the mall asked for it", () => {
    const draft = goodRun();
    draft.requests.push(
      saw({ orderId: "order-3", paymentKey: "pay_3" }),
      saw({
        orderId: "order-3",
        operation: "net-cancel",
        paymentKey: "pay_3",
        paymentStatus: "NET_CANCELED",
      }),
    );
    expect(failures(draft)).toEqual([]);
  });
});
