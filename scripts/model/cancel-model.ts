import type { Model, Offer } from "./explore.ts";
import { flag, list, oneOf, record, type Shape, upTo, type ValueOf } from "./shape.ts";

/** What the mall, or an operator, asks for. */
export type CancelWish = Readonly<{
  /** Requests with the same number carry the same Idempotency-Key. */
  key: number;
  /** Units of the payment's amount; 0 = all that is left (CX-2). */
  amount: number;
  /** `currentCancelableAmount`: what the asker believes is left (CX-3). */
  believedLeft?: number;
}>;

/** What a run of the cancel model assumes, and which rule of the protocol it leaves out, if any. */
export type CancelSettings = Readonly<{
  /** A strict VAN checks the amount and the balance before; a lax one gives back whatever is asked, once per trace number. */
  van: "strict" | "lax";
  /** Units of the approved payment. */
  amount: number;
  wishes: readonly CancelWish[];
  /** Workers that may have the same recovery job: two when one was stopped for longer than its message's lease. */
  workers: 1 | 2;
  mutation?: CancelMutation;
}>;

/** One rule of the protocol left out, or turned round. */
export type CancelMutation =
  | "resend-with-new-trace"
  | "release-on-unknown"
  | "no-reservation"
  | "two-cancels-open"
  | "not-found-is-refused"
  | "answer-before-commit"
  | "no-sweeper"
  | "no-version-fence"
  | "take-over-keeps-version";

/** A cancel on its way to the VAN, or its answer on the way back. */
const wire = oneOf("none", "toVan", "canceled", "refused");

/** The payment as a handler or worker knows it: what it will compare and set. */
const knowledge = record({ version: upTo(30), canceled: upTo(20), reserved: upTo(20) });

/** Cancel n is the one that request n opened; its trace number is n, and n + the number of requests after a mutated re-send. */
function stateFor({ wishes, workers }: CancelSettings) {
  const count = wishes.length;
  return record({
    payment: record({
      status: oneOf("DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"),
      version: upTo(30),
      canceled: upTo(20),
      reserved: upTo(20),
    }),
    cancels: list(
      count,
      record({
        status: oneOf("absent", "REQUESTED", "UNKNOWN", "SUCCEEDED", "FAILED"),
        amount: upTo(20),
        balanceBefore: upTo(20),
      }),
    ),
    requests: list(
      count,
      record({
        step: oneOf(
          "idle",
          "deciding",
          "reserving", // decided, not yet committed
          "sending", // reservation committed, VAN not yet asked
          "asking",
          "canceled", // the VAN's yes in hand, before it is committed
          "refused",
          "notSent",
          "unheard",
          "told", // SUCCEEDED committed, the asker not yet told
          "ended", // answered or died
        ),
        wire,
        knows: knowledge,
        toldSucceeded: flag,
      }),
    ),
    /** Idempotency keys by number; `cancel` is `count` for none. */
    keys: list(count, record({ answer: oneOf("free", "open", "succeeded", "failed"), cancel: upTo(count) })),
    van: record({
      canceled: upTo(20),
      /** What the VAN said to each trace number: it says the same for ever. */
      traces: list(count * 2, oneOf("none", "canceled", "refused")),
      /** Cancels on their way whose sender waits no longer, by trace number. */
      strays: list(count * 2, flag),
    }),
    workers: list(
      workers,
      record({
        step: oneOf("idle", "inquiring", "found", "notFound", "asking"),
        cancel: upTo(count),
        knows: knowledge,
        wire,
      }),
    ),
  }) satisfies Shape<unknown>;
}

type State = ValueOf<ReturnType<typeof stateFor>>;
type Cancel = State["cancels"][number];
type Request = State["requests"][number];
type Knowledge = Request["knows"];

const knowsNothing: Knowledge = { version: 0, canceled: 0, reserved: 0 };

/**
 * Full and partial cancels of one approved payment (reliability §5.4): requests by malls and operators, the sweeper,
 * recovery by inquiry and the same trace number, a VAN. Handlers and workers can die after each awaited effect and be
 * stopped for any time; any message can be lost or late. Trusted: the VAN gives one answer to one trace number.
 */
export function cancelModel(settings: CancelSettings): Model<State> {
  const { wishes, workers } = settings;
  const none = wishes.length;
  return {
    shape: stateFor(settings),
    initial: {
      payment: { status: "DONE", version: 0, canceled: 0, reserved: 0 },
      cancels: wishes.map(() => ({ status: "absent", amount: 0, balanceBefore: 0 })),
      requests: wishes.map(() => ({
        step: "idle",
        wire: "none",
        knows: { ...knowsNothing },
        toldSucceeded: false,
      })),
      keys: wishes.map(() => ({ answer: "free", cancel: none })),
      van: {
        canceled: 0,
        traces: [...wishes, ...wishes].map(() => "none"),
        strays: [...wishes, ...wishes].map(() => false),
      },
      workers: Array.from({ length: workers }, () => ({
        step: "idle",
        cancel: none,
        knows: { ...knowsNothing },
        wire: "none",
      })),
    },
    steps(now, offer) {
      for (const i of wishes.keys()) stepsOfRequest(settings, now, offer, i);
      for (const i of wishes.keys()) stepsOfSweeper(settings, now, offer, i);
      for (const w of now.workers.keys()) stepsOfWorker(settings, now, offer, w);
      stepsOfVan(settings, now, offer);
    },
    violations: (now) => violations(settings, now),
    violationsAtRest: (now) => violationsAtRest(settings, now),
  };
}

// ------------------------------------------------------------------ reading the state

function itemOf<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  return item;
}
const isOpen = (cancel: Cancel): boolean => cancel.status === "REQUESTED" || cancel.status === "UNKNOWN";
const knownOf = ({ payment }: State): Knowledge => ({
  version: payment.version,
  canceled: payment.canceled,
  reserved: payment.reserved,
});
const keyOf = (settings: CancelSettings, now: State, i: number) =>
  itemOf(now.keys, itemOf(settings.wishes, i).key);
/** The trace number under which the recovery asks: that of the cancel. */
const recoveryTraceOf = ({ mutation, wishes }: CancelSettings, i: number): number =>
  mutation === "resend-with-new-trace" ? i + wishes.length : i;

/** What is to be given back, or nothing when the rules refuse it (`decideCancel`). */
function decide(settings: CancelSettings, now: State, i: number): number | undefined {
  const { amount, believedLeft } = itemOf(settings.wishes, i);
  const { status, canceled, reserved } = now.payment;
  const mayOverlap = settings.mutation === "two-cancels-open";
  if (status === "CANCELED") return undefined;
  if (!mayOverlap && (status === "CANCEL_PENDING" || now.cancels.some(isOpen))) return undefined;
  const left = settings.amount - canceled - reserved;
  if (believedLeft !== undefined && believedLeft !== left) return undefined;
  const wanted = amount === 0 ? left : amount;
  return wanted > 0 && wanted <= left ? wanted : undefined;
}

// ------------------------------------------------------------------ commits

/** C1: key, reservation and cancel, by compare-and-set on the version that was read. */
function reserve(settings: CancelSettings, next: State, i: number): "begun" | "keyUsed" | "changed" {
  const { payment } = next;
  const mine = itemOf(next.requests, i);
  const cancel = itemOf(next.cancels, i);
  const key = keyOf(settings, next, i);
  const isUnbegun = key.answer === "open" && next.cancels[key.cancel]?.status === "absent";
  if (key.answer !== "free" && !isUnbegun) return "keyUsed";
  Object.assign(key, { answer: "open", cancel: i });
  const isBlind = settings.mutation === "no-reservation";
  if (isBlind ? next.cancels.some(isOpen) : payment.version !== mine.knows.version) return "changed";
  cancel.status = "REQUESTED";
  payment.status = "CANCEL_PENDING";
  payment.version++;
  if (!isBlind) payment.reserved += cancel.amount;
  mine.knows = knownOf(next);
  return "begun";
}

/** The cancel passes from its handler to recovery. A new version takes the handler's right to settle it away. */
function markUnknown(settings: CancelSettings, next: State, i: number): void {
  const cancel = itemOf(next.cancels, i);
  if (cancel.status !== "REQUESTED") return;
  cancel.status = "UNKNOWN";
  if (settings.mutation !== "take-over-keeps-version") next.payment.version++;
}

/** C3: writes the VAN's definite answer by compare-and-set on what the writer knows. False when it changed meanwhile. */
function settle(
  settings: CancelSettings,
  next: State,
  i: number,
  known: Knowledge,
  to: "SUCCEEDED" | "FAILED",
): boolean {
  const { payment } = next;
  const cancel = itemOf(next.cancels, i);
  const mayOverlap = settings.mutation === "two-cancels-open";
  const isMine = settings.mutation === "no-version-fence" || payment.version === known.version;
  if (!isMine || (payment.status !== "CANCEL_PENDING" && !mayOverlap)) return false;
  const wasReserved = settings.mutation === "no-reservation" ? 0 : cancel.amount;
  payment.canceled = known.canceled + (to === "SUCCEEDED" ? cancel.amount : 0);
  payment.reserved = Math.max(0, known.reserved - wasReserved);
  payment.status = statusOf(settings, payment.canceled);
  payment.version++;
  if (isOpen(cancel)) cancel.status = to;
  for (const key of next.keys) {
    if (key.cancel === i && key.answer === "open") key.answer = to === "SUCCEEDED" ? "succeeded" : "failed";
  }
  return true;
}

function statusOf(settings: CancelSettings, canceled: number): State["payment"]["status"] {
  if (canceled >= settings.amount) return "CANCELED";
  return canceled > 0 ? "PARTIAL_CANCELED" : "DONE";
}

// ------------------------------------------------------------------ the request

function stepsOfRequest(settings: CancelSettings, now: State, offer: Offer<State>, i: number): void {
  const { mutation } = settings;
  const request = itemOf(now.requests, i);
  const who = `cancel request ${i + 1}`;
  const step = (what: string, change: (next: State, mine: Request) => void) =>
    offer(`${who}: ${what}`, (next) => change(next, itemOf(next.requests, i)));
  const answerFromDatabase = (next: State, mine: Request) => {
    mine.toldSucceeded = itemOf(next.cancels, i).status === "SUCCEEDED";
    mine.step = "ended";
  };

  switch (request.step) {
    case "ended":
      return;
    case "idle":
      if (i === 0 || itemOf(now.requests, i - 1).step !== "idle") {
        offer(
          `${who} arrives`,
          (next) => {
            itemOf(next.requests, i).step = "deciding";
          },
          "choice",
        );
      }
      return;
    case "deciding":
      decideOrAnswer(settings, now, step, i);
      break;
    case "reserving":
      step("commits the reservation if nothing changed", (next, mine) => {
        const begun = reserve(settings, next, i);
        if (begun === "begun") mine.step = "sending";
        else {
          Object.assign(itemOf(next.cancels, i), { amount: 0, balanceBefore: 0 });
          mine.knows = { ...knowsNothing };
          mine.step = "deciding";
        }
      });
      break;
    case "sending":
      step(`sends cancel ${i}`, (_, mine) => {
        mine.wire = "toVan";
        mine.step = "asking";
      });
      step("cannot reach the VAN: nothing is sent", (_, mine) => {
        mine.step = "notSent";
      });
      break;
    case "asking":
      if (request.wire === "canceled" || request.wire === "refused") {
        const { wire: word } = request;
        step(`hears that it is ${word}`, (_, mine) => {
          if (mutation === "answer-before-commit" && word === "canceled") mine.toldSucceeded = true;
          mine.wire = "none";
          mine.step = word;
        });
      }
      step("waits no longer for the VAN", (next, mine) => {
        if (mine.wire === "toVan") next.van.strays[i] = true;
        mine.wire = "none";
        mine.step = "unheard";
      });
      break;
    case "canceled":
      step("commits SUCCEEDED if nobody was faster", (next, mine) => {
        if (settle(settings, next, i, mine.knows, "SUCCEEDED")) mine.step = "told";
        else answerFromDatabase(next, mine);
      });
      break;
    case "refused":
      step("commits FAILED and releases the amount", (next, mine) => {
        settle(settings, next, i, mine.knows, "FAILED");
        answerFromDatabase(next, mine);
      });
      break;
    case "notSent":
      step("commits FAILED, releases the amount and gives the key back", (next, mine) => {
        if (settle(settings, next, i, mine.knows, "FAILED")) freeKey(settings, next, i);
        answerFromDatabase(next, mine);
      });
      break;
    case "unheard":
      if (mutation === "release-on-unknown") {
        step("takes it for refused: commits FAILED and releases the amount", (next, mine) => {
          settle(settings, next, i, mine.knows, "FAILED");
          answerFromDatabase(next, mine);
        });
      } else {
        step("commits UNKNOWN with its recovery job", (next, mine) => {
          markUnknown(settings, next, i);
          answerFromDatabase(next, mine);
        });
      }
      break;
    case "told":
      step("tells that it succeeded", (_, mine) => {
        mine.toldSucceeded = true;
        mine.step = "ended";
      });
      break;
  }
  offer(`${who} dies`, (next) => {
    const mine = itemOf(next.requests, i);
    if (mine.wire === "toVan") next.van.strays[i] = true;
    Object.assign(mine, { wire: "none", step: "ended", knows: { ...knowsNothing } });
    const cancel = itemOf(next.cancels, i);
    if (cancel.status === "absent") Object.assign(cancel, { amount: 0, balanceBefore: 0 });
  });
}

type RequestStep = (what: string, change: (next: State, mine: Request) => void) => void;

function decideOrAnswer(settings: CancelSettings, now: State, step: RequestStep, i: number): void {
  const key = keyOf(settings, now, i);
  const earlier = now.cancels[key.cancel];
  if (key.answer !== "free" && earlier && earlier.status !== "absent") {
    const hasSucceeded = key.answer === "succeeded" || earlier.status === "SUCCEEDED";
    step("finds its key used and gets the answer of the first", (_, mine) => {
      mine.toldSucceeded = hasSucceeded;
      mine.step = "ended";
    });
    return;
  }
  const wanted = decide(settings, now, i);
  if (wanted === undefined) {
    step("is refused: what it wants cannot be given back now", (next, mine) => {
      freeKey(settings, next, i);
      mine.step = "ended";
    });
    return;
  }
  step(`decides to give back ${wanted}`, (next, mine) => {
    const { canceled, reserved } = next.payment;
    Object.assign(itemOf(next.cancels, i), {
      amount: wanted,
      balanceBefore: settings.amount - canceled - reserved,
    });
    mine.knows = knownOf(next);
    mine.step = "reserving";
  });
}

/** Gives a claim back under which nothing was begun or sent (IDM-8, IDM-10). */
function freeKey(settings: CancelSettings, next: State, i: number): void {
  const key = keyOf(settings, next, i);
  const holder = next.cancels[key.cancel];
  if (key.cancel === i || holder?.status === "absent")
    Object.assign(key, { answer: "free", cancel: settings.wishes.length });
}

// ------------------------------------------------------------------ sweeper and recovery

function stepsOfSweeper(settings: CancelSettings, now: State, offer: Offer<State>, i: number): void {
  if (itemOf(now.cancels, i).status !== "REQUESTED" || settings.mutation === "no-sweeper") return;
  offer(`the sweeper finds cancel ${i} past its lease and commits UNKNOWN`, (next) =>
    markUnknown(settings, next, i),
  );
}

/** Forward recovery: inquiry first, else the same cancel with the same trace number, until the answer is definite. */
function stepsOfWorker(settings: CancelSettings, now: State, offer: Offer<State>, w: number): void {
  const worker = itemOf(now.workers, w);
  const who = settings.workers === 1 ? "the worker" : `worker ${w + 1}`;
  const i = worker.cancel;
  const rest = (next: State) => {
    next.workers[w] = {
      step: "idle",
      cancel: settings.wishes.length,
      knows: { ...knowsNothing },
      wire: "none",
    };
  };
  const settles = (what: string, to: "SUCCEEDED" | "FAILED") =>
    offer(`${who} ${what}`, (next) => {
      settle(settings, next, i, itemOf(next.workers, w).knows, to);
      rest(next);
    });

  switch (worker.step) {
    case "idle":
      for (const [open, cancel] of now.cancels.entries()) {
        if (cancel.status !== "UNKNOWN") continue;
        offer(`${who} inquires about cancel ${open}`, (next) => {
          next.workers[w] = { step: "inquiring", cancel: open, knows: knownOf(next), wire: "none" };
        });
      }
      return;
    case "inquiring": {
      const isFound = now.van.traces[i] === "canceled";
      offer(`the VAN tells ${who} that cancel ${i} is ${isFound ? "made" : "not made"}`, (next) => {
        itemOf(next.workers, w).step = isFound ? "found" : "notFound";
      });
      break;
    }
    case "found":
      settles("commits SUCCEEDED", "SUCCEEDED");
      break;
    case "notFound":
      if (settings.mutation === "not-found-is-refused") settles("takes it for refused: FAILED", "FAILED");
      else {
        offer(`${who} sends cancel ${i} again, trace ${recoveryTraceOf(settings, i)}`, (next) => {
          Object.assign(itemOf(next.workers, w), { step: "asking", wire: "toVan" });
        });
      }
      break;
    case "asking":
      if (worker.wire === "canceled") settles("commits SUCCEEDED", "SUCCEEDED");
      if (worker.wire === "refused") settles("commits FAILED", "FAILED");
      break;
  }
  offer(`${who} hears nothing, or dies`, (next) => {
    if (worker.wire === "toVan") next.van.strays[recoveryTraceOf(settings, i)] = true;
    rest(next);
  });
}

// ------------------------------------------------------------------ the VAN

function stepsOfVan(settings: CancelSettings, now: State, offer: Offer<State>): void {
  const arrive = (
    traceNo: number,
    whose: string,
    hear: (next: State, word: "canceled" | "refused") => void,
  ) => {
    const said = now.van.traces[traceNo];
    if (said === "canceled" || said === "refused") {
      offer(`the VAN gets ${whose} and says again: ${said}`, (next) => hear(next, said));
      return;
    }
    const { amount, balanceBefore } = itemOf(now.cancels, traceNo % settings.wishes.length);
    const left = settings.amount - now.van.canceled;
    if (settings.van === "lax" || (amount <= left && balanceBefore === left)) {
      offer(`the VAN gets ${whose} and gives back ${amount}`, (next) => {
        next.van.canceled += amount;
        next.van.traces[traceNo] = "canceled";
        hear(next, "canceled");
      });
    }
    offer(`the VAN gets ${whose} and refuses`, (next) => {
      next.van.traces[traceNo] = "refused";
      hear(next, "refused");
    });
  };
  for (const [i, request] of now.requests.entries()) {
    if (request.wire !== "toVan") continue;
    arrive(i, `cancel ${i}`, (next, word) => {
      itemOf(next.requests, i).wire = word;
    });
  }
  for (const [w, worker] of now.workers.entries()) {
    if (worker.wire !== "toVan") continue;
    arrive(recoveryTraceOf(settings, worker.cancel), `cancel ${worker.cancel} sent again`, (next, word) => {
      itemOf(next.workers, w).wire = word;
    });
  }
  for (const [traceNo, isStray] of now.van.strays.entries()) {
    if (!isStray) continue;
    const forget = (next: State) => {
      next.van.strays[traceNo] = false;
    };
    arrive(traceNo, `a late message of trace ${traceNo}`, forget);
    offer(`a message of trace ${traceNo} is lost`, forget);
  }
}

// ------------------------------------------------------------------ what must not be

function violations(settings: CancelSettings, now: State): string[] {
  const { payment, cancels, requests, van, keys } = now;
  const found: string[] = [];
  if (van.canceled > settings.amount) found.push("OVER_REFUND");
  if (payment.canceled + payment.reserved > settings.amount) found.push("BOOKED_MORE_THAN_PAID");
  const count = cancels.length;
  if (cancels.some(isOpen) !== (payment.status === "CANCEL_PENDING")) found.push("STATUS_HIDES_OPEN_CANCEL");
  let succeeded = 0;
  for (const [i, cancel] of cancels.entries()) {
    const isMade = van.traces[i] === "canceled";
    if (isMade && van.traces[i + count] === "canceled") found.push("DOUBLE_REFUND");
    const isRemade = isMade || van.traces[i + count] === "canceled";
    if (cancel.status === "SUCCEEDED") succeeded += cancel.amount;
    if (cancel.status === "SUCCEEDED" && !isRemade) found.push("SUCCEEDED_BUT_NOT_REFUNDED");
    if (cancel.status === "FAILED" && isRemade) found.push("FAILED_BUT_REFUNDED");
  }
  if (payment.canceled !== succeeded) found.push("SUM_OF_CANCELS_DIFFERS");
  for (const [i, { toldSucceeded }] of requests.entries()) {
    const own = itemOf(cancels, i).status;
    const ofKey = cancels[itemOf(keys, itemOf(settings.wishes, i).key).cancel]?.status;
    if (toldSucceeded && own !== "SUCCEEDED" && ofKey !== "SUCCEEDED")
      found.push("TOLD_SUCCEEDED_BUT_DB_NOT");
  }
  return found;
}

function violationsAtRest(settings: CancelSettings, now: State): string[] {
  const found: string[] = [];
  for (const { status } of now.cancels)
    if (status === "REQUESTED" || status === "UNKNOWN") found.push(`STUCK_${status}`);
  if (now.payment.canceled !== now.van.canceled) found.push("DB_AND_VAN_DIFFER");
  if (now.payment.reserved !== 0) found.push("RESERVATION_LEFT");
  if (now.payment.status !== statusOf(settings, now.payment.canceled)) found.push("STATUS_DIFFERS");
  return found;
}
