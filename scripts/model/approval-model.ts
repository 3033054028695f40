import type { Model, Offer } from "./explore.ts";
import { flag, list, oneOf, record, upTo, type ValueOf } from "./shape.ts";

/** What a run of the approval model assumes, and which rule of the protocol it leaves out, if any. */
export type ApprovalSettings = Readonly<{
  /** What a net cancel leaves at a VAN that knows no original: a tombstone that blocks a later approval, or nothing (D4). */
  van: "tombstone" | "notfound";
  /** Whether the mall's second request comes with the key of the first. */
  keys: "same" | "new";
  /** Whether Redis is there for the lock. A lock that is there may still expire or be lost at any moment. */
  redis: boolean;
  /** The mall also asks for a net cancel, once (NC-7). */
  mallNetCancels?: boolean;
  /** Handlers may be stopped between commit 1 and sending for longer than the VAN's processing window. */
  longPauses?: boolean;
  /** The net-cancel deadline may pass: the worker inquires and gives the money back by a normal cancel. */
  deadlinePasses?: boolean;
  mutation?: ApprovalMutation;
}>;

/** One rule of the protocol left out, or turned round. */
export type ApprovalMutation =
  | "no-row-before-asking"
  | "no-compare-and-set"
  | "not-found-is-final"
  | "lock-instead-of-unique-index"
  | "answer-before-commit"
  | "resend-with-new-trace"
  | "net-cancel-tried-once"
  | "no-sweeper"
  | "net-cancel-before-unknown"
  | "late-approvals-ignored"
  | "window-judged-after-the-reply"
  | "wish-to-net-cancel-forgotten";

/**
 * A conversation about a net cancel: on its way to the VAN, answered, or none.
 * An answer that nobody waits for any more is not kept; a question that nobody waits for becomes a stray.
 */
const reversalWire = oneOf("none", "toVan", "canceled", "notFound");

const state = record({
  /** The mall's requests for one order, in the order in which they come. */
  requests: list(
    2,
    record({
      step: oneOf(
        "idle",
        "arrived", // lock not yet tried
        "opening", // before commit 1
        "refusing", // key claimed, order in use: the refusal is not yet kept
        "sending", // commit 1 done, VAN not yet asked
        "asking",
        "approved", // the VAN's yes in hand, before commit 2
        "declined",
        "notSent",
        "unheard", // no answer to be trusted came
        "unknown", // UNKNOWN committed, net cancel not yet sent
        "reversing",
        "reversed", // the VAN's word in hand, before NET_CANCELED is committed
        "done", // DONE committed, the mall not yet told
        "reading", // will answer what the database says
        "ended", // answered or died
      ),
      reversal: reversalWire,
      /** The payment that the mall was told is DONE, or 2. Other answers promise nothing that the database does not. */
      toldDone: upTo(2),
    }),
  ),
  lock: oneOf("free", "heldBy0", "heldBy1"),
  /** Idempotency keys: free, open, or final with the stored answer. `payment` is 2 for a claim without a payment. */
  keys: list(
    2,
    record({
      answer: oneOf("free", "open", "done", "declined", "netCanceled", "duplicate"),
      payment: upTo(2),
    }),
  ),
  /** Payment n is the one that request n opened; its trace number is n. */
  payments: list(
    2,
    record({
      status: oneOf("absent", "IN_PROGRESS", "DONE", "ABORTED", "UNKNOWN", "NET_CANCELED"),
      /** The mall wants it reversed. */
      isUnwanted: flag,
      /** DONE with an open cancel of origin NET_CANCEL. */
      isReversing: flag,
      owesInquiry: flag,
      orphan: oneOf("none", "open", "reversed"),
      /** The VAN's processing window has closed: no approval of this trace arrives there any more. */
      isWindowClosed: flag,
      /** Used by mutations: a net cancel was tried, the approval was sent again under another trace number. */
      wasTried: flag,
      wasResent: flag,
    }),
  ),
  /** What the VAN holds by trace number, and the approval on its way there or back. Traces 2 and 3 are those of re-sent approvals. */
  traces: list(
    4,
    record({
      /** `closed`: declined, net-cancelled or blocked by a tombstone. No money is held, and none will be. */
      book: oneOf("nothing", "live", "closed"),
      approval: oneOf("none", "toVan", "approved", "declined"),
      /** A net cancel on its way whose sender waits no longer. */
      stray: flag,
    }),
  ),
  worker: record({
    doing: oneOf("nothing", "netCancel", "reverseOrphan", "cancelInstead"),
    payment: upTo(1),
    wire: reversalWire,
    /** Whether the window had closed when the VAN was asked. */
    askedAfterWindow: flag,
  }),
  /** The mall's net-cancel request (NC-7). */
  canceler: record({
    step: oneOf(
      "idle",
      "looking",
      "burying", // no such order: the tombstone is not yet laid
      "lookingAgain",
      "flagging",
      "rereading",
      "reserving",
      "sending",
      "asking",
      "settling",
      "ended",
    ),
    payment: upTo(1),
    wire: reversalWire,
    /** Told 200, 202 or 404: the mall may rely on it that nothing stays charged. */
    wasPromised: oneOf("nothing", "payment", "order"),
  }),
  /** Our own tombstone of the order (NC-7). */
  isBuried: flag,
});

type State = ValueOf<typeof state>;
type Request = State["requests"][number];
type Payment = State["payments"][number];
type Trace = State["traces"][number];

const initial: State = {
  requests: [0, 1].map(() => ({ step: "idle", reversal: "none", toldDone: 2 })),
  lock: "free",
  keys: [0, 1].map(() => ({ answer: "free", payment: 2 })),
  payments: [0, 1].map(() => ({
    status: "absent",
    isUnwanted: false,
    isReversing: false,
    owesInquiry: false,
    orphan: "none",
    isWindowClosed: false,
    wasTried: false,
    wasResent: false,
  })),
  traces: [0, 1, 2, 3].map(() => ({ book: "nothing", approval: "none", stray: false })),
  worker: { doing: "nothing", payment: 0, wire: "none", askedAfterWindow: false },
  canceler: { step: "idle", payment: 0, wire: "none", wasPromised: "nothing" },
  isBuried: false,
};

/**
 * Approve, unknown outcome and net cancel of one order (reliability §5.1–§5.3): two requests of the mall, one worker, the
 * sweeper, a VAN. A handler can die after each awaited effect; any message can be lost or late; nothing counts faults.
 * Trusted: the VAN gives one answer to one trace number, and no approval arrives after its processing window.
 */
export function approvalModel(settings: ApprovalSettings): Model<State> {
  return {
    shape: state,
    initial,
    steps(now, offer) {
      stepsOfRequest(settings, now, offer, 0);
      stepsOfRequest(settings, now, offer, 1);
      stepsOfLock(now, offer);
      stepsOfVan(settings, now, offer);
      stepsOfSweeper(settings, now, offer);
      stepsOfWorker(settings, now, offer);
      stepsOfInquiries(now, offer);
      if (settings.mallNetCancels) stepsOfCanceler(settings, now, offer);
    },
    violations: (now) => violations(settings, now),
    violationsAtRest,
  };
}

// ------------------------------------------------------------------ reading the state

function itemOf<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  return item;
}
const requestOf = (now: State, i: number): Request => itemOf(now.requests, i);
const paymentOf = (now: State, i: number): Payment => itemOf(now.payments, i);
const keyOf = (settings: ApprovalSettings, now: State, i: number) =>
  itemOf(now.keys, settings.keys === "same" ? 0 : i);
const traceNoOf = (now: State, i: number): number => (paymentOf(now, i).wasResent ? i + 2 : i);
const traceOf = (now: State, i: number): Trace => itemOf(now.traces, traceNoOf(now, i));
const freeStatuses: readonly string[] = ["absent", "ABORTED", "NET_CANCELED"];
const isOrderFree = (now: State): boolean =>
  now.payments.every(({ status }) => freeStatuses.includes(status));

/** The answer of the database to a request whose key is in use: the stored one, or that of the payment as it stands. */
function answer(settings: ApprovalSettings, next: State, i: number): void {
  const key = keyOf(settings, next, i);
  const status = key.payment < 2 ? paymentOf(next, key.payment).status : "absent";
  const isDone = key.answer === "done" || (key.answer === "open" && status === "DONE");
  if (isDone) requestOf(next, i).toldDone = key.payment;
  answered(settings, next, i);
}

/** The answer is out: the lock is released. */
function answered(settings: ApprovalSettings, next: State, i: number): void {
  if (next.lock === `heldBy${i}`) next.lock = "free";
  end(settings, next, i);
}

function end(settings: ApprovalSettings, next: State, i: number): void {
  requestOf(next, i).step = "ended";
  // Nobody will use this key any more: forgetting it makes alike what is alike.
  if (settings.keys === "new") next.keys[i] = { answer: "free", payment: 2 };
}

// ------------------------------------------------------------------ commits

/** Commit 2 for an approval; false when someone else was faster or the mall wants no approval any more (A5a, A5e). */
function commitDone(settings: ApprovalSettings, next: State, i: number): boolean {
  const payment = paymentOf(next, i);
  const isWrittenLate = settings.mutation === "no-row-before-asking" && payment.status === "absent";
  const mayMove = payment.status === "IN_PROGRESS" || isWrittenLate;
  const isUnwanted =
    (payment.isUnwanted || next.isBuried) && settings.mutation !== "wish-to-net-cancel-forgotten";
  if ((!mayMove && settings.mutation !== "no-compare-and-set") || isUnwanted) return false;
  payment.status = "DONE";
  keepAnswer(next, i, "done");
  return true;
}

function commitUnknown(settings: ApprovalSettings, next: State, i: number): boolean {
  const payment = paymentOf(next, i);
  const isWrittenLate = settings.mutation === "no-row-before-asking" && payment.status === "absent";
  if (payment.status !== "IN_PROGRESS" && !isWrittenLate) return false;
  payment.status = "UNKNOWN";
  return true;
}

/** UNKNOWN, or DONE with the wish to reverse it, becomes NET_CANCELED; inquiries are owed from now on (N4, NC-8). */
function commitNetCanceled(settings: ApprovalSettings, next: State, i: number): void {
  const payment = paymentOf(next, i);
  const isEarly = settings.mutation === "net-cancel-before-unknown" && payment.status === "IN_PROGRESS";
  const wasBooked = payment.status === "DONE" && payment.isReversing;
  if (payment.status !== "UNKNOWN" && !wasBooked && !isEarly) return;
  payment.status = "NET_CANCELED";
  payment.isReversing = false;
  payment.isWindowClosed = false;
  payment.owesInquiry = settings.mutation !== "late-approvals-ignored";
  if (!wasBooked) keepAnswer(next, i, "netCanceled");
}

/** Money found live of a payment that ended: written down once by trace number, reversed by its job. */
function recordOrphan(settings: ApprovalSettings, payment: Payment): void {
  if (payment.orphan === "none" && settings.mutation !== "late-approvals-ignored") payment.orphan = "open";
}

/** A stored answer is never replaced (IDM-6). */
function keepAnswer(next: State, i: number, word: "done" | "declined" | "netCanceled"): void {
  for (const key of next.keys) if (key.payment === i && key.answer === "open") key.answer = word;
}

// ------------------------------------------------------------------ the request

function stepsOfRequest(settings: ApprovalSettings, now: State, offer: Offer<State>, i: number): void {
  const { mutation } = settings;
  const request = requestOf(now, i);
  const who = `request ${i + 1}`;
  const step = (what: string, change: (next: State, mine: Request) => void) =>
    offer(`${who}: ${what}`, (next) => change(next, requestOf(next, i)));

  switch (request.step) {
    case "idle":
      if (i === 0 || requestOf(now, 0).step !== "idle") {
        offer(
          `${who} arrives`,
          (next) => {
            requestOf(next, i).step = settings.redis ? "arrived" : "opening";
          },
          "choice",
        );
      }
      return;
    case "ended":
      return;
    case "arrived":
      if (now.lock === "free") {
        step("takes the lock", (next, mine) => {
          next.lock = i === 0 ? "heldBy0" : "heldBy1";
          mine.step = "opening";
        });
      } else {
        step("finds the lock held and answers from the database", (next) => answer(settings, next, i));
      }
      break;
    case "opening":
      open(settings, now, step, i);
      break;
    case "refusing":
      step("keeps the refusal of the order as the key's answer", (next) => {
        keyOf(settings, next, i).answer = "duplicate";
        answered(settings, next, i);
      });
      break;
    case "sending":
      step(`sends approval ${traceNoOf(now, i)}`, (next, mine) => {
        traceOf(next, i).approval = "toVan";
        mine.step = "asking";
      });
      step("cannot reach the VAN: nothing is sent", (_, mine) => {
        mine.step = "notSent";
      });
      break;
    case "asking":
      hear(settings, now, step, i);
      break;
    case "approved":
      step("commits DONE if nobody was faster", (next, mine) => {
        const { status } = paymentOf(next, i);
        if (commitDone(settings, next, i)) mine.step = "done";
        else if (status === "IN_PROGRESS") mine.step = "unheard";
        else {
          if (status === "NET_CANCELED") recordOrphan(settings, paymentOf(next, i));
          mine.step = "reading";
        }
      });
      break;
    case "declined":
      step("commits the decline", (next, mine) => {
        const payment = paymentOf(next, i);
        mine.step = "reading";
        if (payment.status !== "IN_PROGRESS") return;
        payment.status = "ABORTED";
        keepAnswer(next, i, "declined");
      });
      break;
    case "notSent":
      step("commits that nothing was sent, and gives the key back", (next, mine) => {
        const payment = paymentOf(next, i);
        if (payment.status === "IN_PROGRESS") {
          payment.status = "ABORTED";
          const key = keyOf(settings, next, i);
          if (key.payment === i && key.answer === "open") Object.assign(key, { answer: "free", payment: 2 });
          answered(settings, next, i);
        } else mine.step = "reading";
      });
      break;
    case "unheard":
      step("commits UNKNOWN with its net-cancel job", (next, mine) => {
        mine.step = commitUnknown(settings, next, i) ? "unknown" : "reading";
      });
      break;
    case "unknown":
      step("sends the net cancel", (_, mine) => {
        mine.reversal = "toVan";
        mine.step = "reversing";
      });
      break;
    case "reversing":
      if (request.reversal === "canceled" || request.reversal === "notFound") {
        const isSettled = request.reversal === "canceled" || mutation === "not-found-is-final";
        step(`hears of its net cancel: ${request.reversal}`, (_, mine) => {
          mine.reversal = "none";
          mine.step = isSettled ? "reversed" : "reading";
        });
      }
      step("hears nothing of its net cancel", (next, mine) => {
        if (mine.reversal === "toVan") traceOf(next, i).stray = true;
        mine.reversal = "none";
        mine.step = "reading";
      });
      break;
    case "reversed":
      step("commits NET_CANCELED", (next, mine) => {
        commitNetCanceled(settings, next, i);
        mine.step = "reading";
      });
      break;
    case "done":
      step("tells the mall DONE", (next, mine) => {
        mine.toldDone = i;
        answered(settings, next, i);
      });
      break;
    case "reading":
      step("answers what the database says", (next) => answer(settings, next, i));
      break;
  }
  offer(`${who} dies`, (next) => {
    const mine = requestOf(next, i);
    if (mine.reversal === "toVan") traceOf(next, i).stray = true;
    mine.reversal = "none";
    const { approval } = traceOf(next, i);
    if (mine.step === "asking" && approval !== "toVan") traceOf(next, i).approval = "none";
    end(settings, next, i);
  });
}

type RequestStep = (what: string, change: (next: State, mine: Request) => void) => void;

/** Commit 1: the key and the row, in one statement (A2). */
function open(settings: ApprovalSettings, now: State, step: RequestStep, i: number): void {
  if (settings.mutation === "no-row-before-asking") {
    step("writes nothing before it asks", (next, mine) => {
      Object.assign(keyOf(settings, next, i), { answer: "open", payment: i });
      mine.step = "sending";
    });
    return;
  }
  const opens = (next: State, mine: Request) => {
    Object.assign(keyOf(settings, next, i), { answer: "open", payment: i });
    paymentOf(next, i).status = "IN_PROGRESS";
    mine.step = "sending";
  };
  if (settings.mutation === "lock-instead-of-unique-index") {
    step("opens a payment, no index asked", opens);
    return;
  }
  if (keyOf(settings, now, i).answer !== "free") {
    step("finds its key used and answers from the database", (next) => answer(settings, next, i));
    return;
  }
  // A statement that began before the order's tombstone was committed does not see it.
  if (isOrderFree(now)) step("commits key and payment IN_PROGRESS", opens);
  if (!isOrderFree(now) || now.isBuried) {
    step("claims its key, but the order is in use", (next, mine) => {
      Object.assign(keyOf(settings, next, i), { answer: "open", payment: 2 });
      mine.step = "refusing";
    });
  }
}

/** What comes of an approval that was sent: an answer, or the end of waiting for one (A5). */
function hear(settings: ApprovalSettings, now: State, step: RequestStep, i: number): void {
  const { approval } = traceOf(now, i);
  if (approval === "approved") {
    step("hears that it is approved", (next, mine) => {
      traceOf(next, i).approval = "none";
      if (settings.mutation === "answer-before-commit") mine.toldDone = i;
      mine.step = "approved";
    });
  }
  if (approval === "declined") {
    step("hears that it is declined", (next, mine) => {
      traceOf(next, i).approval = "none";
      mine.step = "declined";
    });
  }
  step("waits no longer for the VAN", (next, mine) => {
    if (approval !== "toVan") traceOf(next, i).approval = "none";
    const payment = paymentOf(next, i);
    if (settings.mutation === "resend-with-new-trace" && !payment.wasResent) {
      payment.wasResent = true;
      mine.step = "sending";
    } else mine.step = "unheard";
  });
}

function stepsOfLock(now: State, offer: Offer<State>): void {
  if (now.lock === "free") return;
  offer(
    "the lock expires or Redis forgets it",
    (next) => {
      next.lock = "free";
    },
    "choice",
  );
}

// ------------------------------------------------------------------ the VAN

function stepsOfVan(settings: ApprovalSettings, now: State, offer: Offer<State>): void {
  for (const [traceNo, trace] of now.traces.entries()) {
    if (trace.approval === "toVan") stepsOfApproval(now, offer, traceNo);
    if (trace.stray) {
      offer(`the VAN gets a net cancel of ${traceNo} that nobody waits for`, (next) => {
        const target = itemOf(next.traces, traceNo);
        target.stray = false;
        reverseAtVan(settings, target);
      });
      offer(`a net cancel of ${traceNo} is lost`, (next) => {
        itemOf(next.traces, traceNo).stray = false;
      });
    }
  }
  for (const [i, request] of now.requests.entries()) {
    if (request.reversal !== "toVan") continue;
    reply(settings, offer, `the net cancel of request ${i + 1}`, (next) => ({
      wireOf: (word) => {
        requestOf(next, i).reversal = word;
      },
      trace: traceOf(next, i),
    }));
  }
  if (now.canceler.wire === "toVan") {
    reply(settings, offer, "the net cancel that the mall asked for", (next) => ({
      wireOf: (word) => {
        next.canceler.wire = word;
      },
      trace: traceOf(next, next.canceler.payment),
    }));
  }
  const { worker } = now;
  if (worker.wire !== "toVan") return;
  if (worker.doing === "cancelInstead") {
    offer("the VAN gets the worker's cancel", (next) => {
      const trace = traceOf(next, worker.payment);
      next.worker.wire = trace.book === "live" ? "canceled" : "notFound";
      if (trace.book === "live") trace.book = "closed";
    });
  } else {
    reply(settings, offer, "the worker's net cancel", (next) => ({
      wireOf: (word) => {
        next.worker.wire = word;
      },
      trace: traceOf(next, worker.payment),
    }));
  }
}

function stepsOfApproval(now: State, offer: Offer<State>, traceNo: number): void {
  const i = traceNo % 2;
  const isAwaited = requestOf(now, i).step === "asking" && traceNoOf(now, i) === traceNo;
  const trace = itemOf(now.traces, traceNo);
  const decide = (word: "approved" | "declined") => (next: State) => {
    const target = itemOf(next.traces, traceNo);
    if (target.book === "nothing") target.book = word === "approved" ? "live" : "closed";
    target.approval = isAwaited ? word : "none";
  };
  if (trace.book === "nothing") offer(`the VAN approves ${traceNo}`, decide("approved"));
  offer(`the VAN declines ${traceNo}`, decide("declined"));
  offer(`approval ${traceNo} is lost on its way to the VAN`, (next) => {
    itemOf(next.traces, traceNo).approval = "none";
  });
}

/** The VAN performs a net cancel and answers it. A VAN with tombstones may call one of an unknown original either way. */
function reply(
  settings: ApprovalSettings,
  offer: Offer<State>,
  what: string,
  partsOf: (next: State) => { wireOf: (word: "canceled" | "notFound") => void; trace: Trace },
): void {
  offer(`the VAN gets ${what}`, (next) => {
    const { wireOf, trace } = partsOf(next);
    wireOf(reverseAtVan(settings, trace));
  });
  if (settings.van === "tombstone") {
    offer(`the VAN gets ${what}, and names no original`, (next) => {
      const { wireOf, trace } = partsOf(next);
      const wasLive = trace.book === "live";
      reverseAtVan(settings, trace);
      wireOf(wasLive ? "canceled" : "notFound");
    });
  }
}

function reverseAtVan(settings: ApprovalSettings, trace: Trace): "canceled" | "notFound" {
  if (trace.book === "nothing" && settings.van === "notfound") return "notFound";
  trace.book = "closed";
  return "canceled";
}

// ------------------------------------------------------------------ sweeper, worker, inquiries

function stepsOfSweeper(settings: ApprovalSettings, now: State, offer: Offer<State>): void {
  for (const [i, payment] of now.payments.entries()) {
    if (payment.status === "IN_PROGRESS" && settings.mutation !== "no-sweeper") {
      offer(`the sweeper finds payment ${i} past its lease and commits UNKNOWN`, (next) => {
        commitUnknown(settings, next, i);
      });
    }
    // Time passes: the VAN's promise is that an approval does not arrive after its window, ours that it was sent before.
    const mayBeSent = requestOf(now, i).step === "sending" && !settings.longPauses;
    const isUnderWay = now.traces.some((trace, no) => no % 2 === i && trace.approval === "toVan");
    if (payment.status === "UNKNOWN" && !payment.isWindowClosed && !mayBeSent && !isUnderWay) {
      offer(`the VAN's window for ${i} closes`, (next) => {
        paymentOf(next, i).isWindowClosed = true;
      });
    }
  }
}

function stepsOfWorker(settings: ApprovalSettings, now: State, offer: Offer<State>): void {
  if (now.worker.doing === "nothing") {
    for (const i of now.payments.keys()) takeJob(settings, now, offer, i);
    return;
  }
  const { doing, payment: i, wire, askedAfterWindow } = now.worker;
  const { mutation } = settings;
  const rest = (next: State) => {
    next.worker = { ...initial.worker };
  };
  if (wire === "canceled") {
    offer(
      doing === "reverseOrphan" ? "the worker closes the orphan" : "the worker commits NET_CANCELED",
      (next) => {
        if (doing === "reverseOrphan") paymentOf(next, i).orphan = "reversed";
        else commitNetCanceled(settings, next, i);
        rest(next);
      },
    );
  }
  if (wire === "notFound" && doing !== "cancelInstead") {
    offer("the worker hears that the VAN knows no original", (next) => {
      const payment = paymentOf(next, i);
      const isOver = mutation === "window-judged-after-the-reply" ? payment.isWindowClosed : askedAfterWindow;
      if (doing === "netCancel" && (isOver || mutation === "not-found-is-final"))
        commitNetCanceled(settings, next, i);
      if (mutation === "net-cancel-tried-once") payment.wasTried = true;
      rest(next);
    });
  }
  offer("the worker hears nothing, or dies", (next) => {
    if (wire === "toVan" && doing !== "cancelInstead") traceOf(next, i).stray = true;
    if (mutation === "net-cancel-tried-once") paymentOf(next, i).wasTried = true;
    rest(next);
  });
}

/** A job waits for each UNKNOWN payment, each booked one that the mall wants reversed and each open orphan (§5.2, §5.3). */
function takeJob(settings: ApprovalSettings, now: State, offer: Offer<State>, i: number): void {
  const payment = paymentOf(now, i);
  const ask = (doing: State["worker"]["doing"], what: string) =>
    offer(`the worker ${what} ${traceNoOf(now, i)}`, (next) => {
      next.worker = { doing, payment: i, wire: "toVan", askedAfterWindow: payment.isWindowClosed };
    });
  const isEarly = settings.mutation === "net-cancel-before-unknown" && payment.status === "IN_PROGRESS";
  const isOwed =
    payment.status === "UNKNOWN" || (payment.status === "DONE" && payment.isReversing) || isEarly;
  // A declined or reversed approval stays so at the VAN: what was true when it was asked is true at the commit.
  if (isOwed && !isEarly && traceOf(now, i).book === "closed") {
    offer(`the worker asks first and hears that the VAN holds nothing of ${i}: NET_CANCELED`, (next) =>
      commitNetCanceled(settings, next, i),
    );
  }
  if (isOwed && !payment.wasTried) ask("netCancel", "sends a net cancel of");
  if (payment.orphan === "open") ask("reverseOrphan", "sends a net cancel of orphan");
  if (!settings.deadlinePasses || payment.status !== "UNKNOWN" || !payment.isWindowClosed) return;
  if (traceOf(now, i).book === "live") {
    ask("cancelInstead", "inquires after the deadline, finds the money and sends a normal cancel of");
  } else {
    offer(`the worker inquires after the deadline and finds no money of ${i}: NET_CANCELED`, (next) =>
      commitNetCanceled(settings, next, i),
    );
  }
}

/** Follow-up inquiries (NC-8). The last one comes when whoever was stopped before sending has long woken up. */
function stepsOfInquiries(now: State, offer: Offer<State>): void {
  for (const [i, payment] of now.payments.entries()) {
    if (!payment.owesInquiry || payment.status !== "NET_CANCELED") continue;
    const trace = traceOf(now, i);
    const isLive = trace.book === "live";
    if (isLive && payment.orphan === "none") {
      offer(`a follow-up inquiry finds ${i} live: an orphan`, (next) => {
        paymentOf(next, i).orphan = "open";
      });
    }
    const mayStillArrive = trace.approval === "toVan" || requestOf(now, i).step === "sending";
    if (!mayStillArrive && (!isLive || payment.orphan !== "none")) {
      offer(`the last inquiry about ${i} is made`, (next) => {
        paymentOf(next, i).owesInquiry = false;
      });
    }
  }
}

// ------------------------------------------------------------------ the mall's own net cancel

function stepsOfCanceler(settings: ApprovalSettings, now: State, offer: Offer<State>): void {
  const { step, payment: i, wire } = now.canceler;
  const go = (what: string, change: (next: State) => void, kind?: "choice") =>
    offer(`net-cancel request: ${what}`, change, kind);
  const promise = (next: State, what: "payment" | "order") => {
    next.canceler.wasPromised = what;
    next.canceler.step = "ended";
  };
  /** What is done about the order's payment as it was read. */
  const act = (next: State): boolean => {
    const live = next.payments.findIndex(({ status }) => !freeStatuses.includes(status));
    const newest = next.payments.findLastIndex(({ status }) => status !== "absent");
    const found = live >= 0 ? live : newest;
    if (found < 0) return false;
    next.canceler.payment = found;
    const { status, isReversing } = paymentOf(next, found);
    if (status === "IN_PROGRESS") next.canceler.step = "flagging";
    else if (status === "DONE" && !isReversing) next.canceler.step = "reserving";
    else promise(next, "payment");
    return true;
  };
  switch (step) {
    case "ended":
      return;
    case "idle":
      go(
        "arrives",
        (next) => {
          next.canceler.step = "looking";
        },
        "choice",
      );
      return;
    case "looking":
      go("looks for the order", (next) => {
        if (!act(next)) next.canceler.step = "burying";
      });
      break;
    case "burying":
      go("lays a tombstone", (next) => {
        next.isBuried = true;
        next.canceler.step = "lookingAgain";
      });
      break;
    case "lookingAgain":
      go("looks once more", (next) => {
        if (!act(next)) promise(next, "order");
      });
      break;
    case "flagging":
      go(`commits the wish to reverse payment ${i} if it is still running`, (next) => {
        const payment = paymentOf(next, i);
        if (payment.status === "IN_PROGRESS") payment.isUnwanted = true;
        next.canceler.step = "rereading";
      });
      break;
    case "rereading":
      go("reads the payment again", (next) => {
        const { status, isReversing } = paymentOf(next, i);
        if (status === "DONE" && !isReversing) next.canceler.step = "reserving";
        else promise(next, "payment");
      });
      break;
    case "reserving":
      go(`commits a net cancel of payment ${i}, with its job`, (next) => {
        const payment = paymentOf(next, i);
        const mayBegin = payment.status === "DONE" && !payment.isReversing;
        if (mayBegin) Object.assign(payment, { isReversing: true, isUnwanted: true });
        next.canceler.step = mayBegin ? "sending" : "ended";
      });
      break;
    case "sending":
      go("sends the net cancel", (next) => {
        next.canceler.wire = "toVan";
        next.canceler.step = "asking";
      });
      break;
    case "asking":
      if (wire === "canceled") {
        go("hears that it is reversed", (next) => {
          next.canceler.wire = "none";
          next.canceler.step = "settling";
        });
      }
      go("hears nothing that settles it", (next) => {
        if (wire === "toVan") traceOf(next, i).stray = true;
        next.canceler.wire = "none";
        promise(next, "payment");
      });
      break;
    case "settling":
      go("commits NET_CANCELED", (next) => {
        commitNetCanceled(settings, next, i);
        promise(next, "payment");
      });
      break;
  }
  go("dies", (next) => {
    if (wire === "toVan") traceOf(next, i).stray = true;
    next.canceler.wire = "none";
    next.canceler.step = "ended";
  });
}

// ------------------------------------------------------------------ what must not be

function violations(settings: ApprovalSettings, now: State): string[] {
  const found: string[] = [];
  for (const [i, payment] of now.payments.entries()) {
    const isLive = traceOf(now, i).book === "live";
    if (payment.status === "DONE" && !payment.isUnwanted && !isLive) found.push("DB_DONE_VAN_NOT");
    if (payment.status === "ABORTED" && isLive) found.push("ABORTED_BUT_CHARGED");
    // With handlers stopped for longer than the window this can be so for a while, until the orphan is reversed.
    if (payment.status === "NET_CANCELED" && isLive && !settings.longPauses)
      found.push("ORDER_FREED_WHILE_CHARGED");
  }
  if (!settings.longPauses && now.traces.filter(({ book }) => book === "live").length > 1)
    found.push("DOUBLE_CHARGE");
  for (const request of now.requests) {
    if (request.toldDone === 2) continue;
    const { status, isUnwanted } = paymentOf(now, request.toldDone);
    if (isUnwanted) continue;
    if (status !== "DONE") found.push("TOLD_DONE_BUT_DB_NOT");
    if (traceOf(now, request.toldDone).book !== "live") found.push("TOLD_DONE_BUT_REVERSED");
  }
  return found;
}

function violationsAtRest(now: State): string[] {
  const found: string[] = [];
  if (now.traces.filter(({ book }) => book === "live").length > 1) found.push("DOUBLE_CHARGE");
  for (const [traceNo, { book }] of now.traces.entries()) {
    if (book !== "live") continue;
    const i = traceNo % 2;
    const { status } = paymentOf(now, i);
    if (status === "absent") found.push("LOST_APPROVAL");
    else if (status !== "DONE" || traceNoOf(now, i) !== traceNo) found.push(`VAN_LIVE_DB_${status}`);
  }
  for (const payment of now.payments) {
    if (payment.status === "IN_PROGRESS" || payment.status === "UNKNOWN")
      found.push(`STUCK_${payment.status}`);
    if (payment.isReversing || payment.orphan === "open") found.push("STUCK_REVERSAL");
  }
  const { wasPromised, payment } = now.canceler;
  const isCharged = (i: number) => paymentOf(now, i).status === "DONE" || traceOf(now, i).book === "live";
  if (wasPromised === "payment" && isCharged(payment)) found.push("PROMISED_REVERSAL_NOT_MADE");
  if (wasPromised === "order" && (isCharged(0) || isCharged(1))) found.push("PROMISED_REVERSAL_NOT_MADE");
  return found;
}
