import type { CaseRun, Outcome, Retry } from "#scripts/sim/crash/case-run.ts";
import { approve, cancel, netCancel, redrive } from "#scripts/sim/mall.ts";
import type { VanFault } from "#scripts/sim/sim-van.ts";
import { sweepPayments } from "#server/payments/sweep-payments.ts";
import { sequenceEvents } from "#server/webhooks/sequence-events.ts";

/** One way through the platform whose every effect is made the last one of its process. */
export type Flow = Readonly<{
  name: string;
  outcomes: readonly Outcome[];
  retries: readonly Retry[];
  /** It works on what all orders left behind, so cases take turns and nobody else does that work meanwhile. */
  takesTurns?: boolean;
  /** Something is down for long in it, so its payments may be unknown for long. */
  isSlow?: boolean;
  run(run: CaseRun): Promise<void>;
}>;

const fault = (kind: Exclude<VanFault, { delayMs: number }>["kind"]): VanFault => ({ kind });
const late = (delayMs: number): VanFault => ({ kind: "late", delayMs });
const slow = (delayMs: number): VanFault => ({ kind: "slow", delayMs });
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const everyRetry: readonly Retry[] = ["none", "same key", "new key"];

const lost = fault("request_lost");
const replyLost = fault("reply_lost");
const noConnection = fault("refused_connection");

/** What may befall an approval. SBX1 leaves a tombstone where a net cancel found nothing, SBX2 forgets it. */
const approveOutcomes: readonly Outcome[] = [
  { name: "approved" },
  { name: "approved slowly", faults: { approve: [slow(12_000)] } },
  { name: "arrives twice", faults: { approve: [fault("duplicated")] } },
  { name: "declined", faults: { approve: [fault("refused")] } },
  { name: "connection refused", faults: { approve: [noConnection] } },
  { name: "request lost, tombstone", van: "SBX1", faults: { approve: [lost] } },
  { name: "request lost, forgotten", van: "SBX2", faults: { approve: [lost] } },
  { name: "reply lost", faults: { approve: [replyLost] } },
  { name: "reply garbled", faults: { approve: [fault("garbled")] } },
  { name: "reply about another amount", faults: { approve: [fault("wrong_amount")] } },
  { name: "reply with an unknown code", faults: { approve: [fault("unknown_code")] } },
  { name: "late, after the net cancel, tombstone", van: "SBX1", faults: { approve: [late(35_000)] } },
  { name: "late, after the net cancel, forgotten", van: "SBX2", faults: { approve: [late(35_000)] } },
  { name: "late, near the window's end, forgotten", van: "SBX2", faults: { approve: [late(142_000)] } },
  { name: "late, after the window, forgotten", van: "SBX2", faults: { approve: [late(170_000)] } },
  { name: "reply lost, net cancel lost", faults: { approve: [replyLost], net_cancel: [lost] } },
  { name: "reply lost, net cancel's reply lost", faults: { approve: [replyLost], net_cancel: [replyLost] } },
  {
    name: "reply lost, net cancel garbled",
    faults: { approve: [replyLost], net_cancel: [fault("garbled")] },
  },
  {
    name: "reply lost, then no connection",
    faults: { approve: [replyLost], net_cancel: times(2, noConnection), inquire: [noConnection] },
  },
  { name: "reply lost, acquired", faults: { approve: [fault("acquired_reply_lost")] } },
];

const cancelOutcomes: readonly Outcome[] = [
  { name: "canceled" },
  { name: "canceled slowly", faults: { cancel: [slow(12_000)] } },
  { name: "arrives twice", faults: { cancel: [fault("duplicated")] } },
  { name: "refused", faults: { cancel: [fault("refused")] } },
  { name: "connection refused", faults: { cancel: [noConnection] } },
  { name: "request lost", faults: { cancel: [lost] } },
  { name: "reply lost", faults: { cancel: [replyLost] } },
  { name: "reply lost, inquiry lost", faults: { cancel: [replyLost], inquire: [lost] } },
  { name: "reply garbled", faults: { cancel: [fault("garbled")] } },
  { name: "late, beside its own recovery", faults: { cancel: [late(33_000)] } },
];

const netCancelOutcomes: readonly Outcome[] = [
  { name: "canceled" },
  { name: "arrives twice", faults: { net_cancel: [fault("duplicated")] } },
  { name: "request lost", faults: { net_cancel: [lost] } },
  { name: "reply lost", faults: { net_cancel: [replyLost] } },
  { name: "reply garbled", faults: { net_cancel: [fault("garbled")] } },
  { name: "connection refused", faults: { net_cancel: [noConnection] } },
  { name: "acquired", faults: { approve: [fault("acquired")] } },
];

const besideApprove: readonly Outcome[] = [
  { name: "approved", faults: { approve: [slow(6_000)] } },
  { name: "declined", faults: { approve: [fault("refused")] } },
  { name: "request lost", faults: { approve: [lost] } },
  { name: "reply lost", faults: { approve: [replyLost] } },
  { name: "approved, net cancel lost", faults: { approve: [slow(6_000)], net_cancel: [lost] } },
];

/** The net-cancel job after the request's own try was lost: the first net cancel is the request's. */
const netCancelJobOutcomes: readonly Outcome[] = [
  { name: "canceled", faults: { approve: [replyLost], net_cancel: [lost] } },
  { name: "net cancel lost again", faults: { approve: [replyLost], net_cancel: times(2, lost) } },
  { name: "reply lost", faults: { approve: [replyLost], net_cancel: [lost, replyLost] } },
  { name: "inquiry lost", faults: { approve: [replyLost], net_cancel: [lost], inquire: [lost] } },
  {
    name: "no connection",
    faults: { approve: [replyLost], net_cancel: [lost, noConnection], inquire: [noConnection] },
  },
  { name: "never arrived, tombstone", van: "SBX1", faults: { approve: [lost], net_cancel: [lost] } },
  { name: "never arrived, forgotten", van: "SBX2", faults: { approve: [lost], net_cancel: [lost] } },
  { name: "arrives late, forgotten", van: "SBX2", faults: { approve: [late(60_000)], net_cancel: [lost] } },
  { name: "acquired", faults: { approve: [fault("acquired_reply_lost")] } },
  {
    name: "acquired, cancel's reply lost",
    faults: { approve: [fault("acquired_reply_lost")], cancel: [replyLost] },
  },
];

const recoverOutcomes: readonly Outcome[] = [
  { name: "was canceled", faults: { cancel: [replyLost] } },
  { name: "never arrived", faults: { cancel: [lost] } },
  { name: "inquiry lost", faults: { cancel: [replyLost], inquire: [lost] } },
  { name: "sent again, lost again", faults: { cancel: [lost, lost] } },
  { name: "sent again, reply lost", faults: { cancel: [lost, replyLost] } },
  { name: "refused when sent again", faults: { cancel: [lost, fault("refused")] } },
  { name: "no connection", faults: { cancel: [lost, noConnection], inquire: [noConnection] } },
  { name: "first one arrives beside the second", faults: { cancel: [late(28_300)] } },
];

/** Approved at the VAN after its window had closed, so the follow-up inquiry finds it live. */
const afterWindow = [late(170_000)];
const orphanOutcomes: readonly Outcome[] = [
  { name: "reversed", van: "SBX2", faults: { approve: afterWindow } },
  {
    name: "inquiry lost",
    van: "SBX2",
    faults: { approve: afterWindow, inquire: [fault("none"), fault("none"), lost] },
  },
  {
    name: "net cancel lost",
    van: "SBX2",
    faults: { approve: afterWindow, net_cancel: [fault("none"), fault("none"), fault("none"), lost] },
  },
  {
    name: "reply lost",
    van: "SBX2",
    faults: { approve: afterWindow, net_cancel: [fault("none"), fault("none"), fault("none"), replyLost] },
  },
];

/** So many lost tries that the schedule is used up: the request's own and the job's. */
const everyTry = times(6, lost);
const deadNetCancel: readonly Outcome[] = [
  { name: "live at the VAN", faults: { approve: [replyLost], net_cancel: everyTry } },
  { name: "never arrived", van: "SBX2", faults: { approve: [lost], net_cancel: everyTry } },
];
const deadCancel: readonly Outcome[] = [
  { name: "never arrived", faults: { cancel: [lost], inquire: times(5, lost) } },
  { name: "was canceled", faults: { cancel: [replyLost], inquire: times(5, lost) } },
];

const receiverOutcomes: readonly Outcome[] = [
  { name: "heard" },
  { name: "error, then heard", receiver: ["error"] },
  { name: "lost, then heard", receiver: ["lost"] },
  { name: "heard without an answer", receiver: ["deaf"] },
];

const askCancel = (run: CaseRun, paymentId: string, amountMinor?: bigint) =>
  run.ask((running, key) =>
    cancel(run.world, running, run.order, {
      paymentId,
      key,
      ...(amountMinor === undefined ? {} : { amountMinor }),
    }),
  );
const askNetCancel = (run: CaseRun) =>
  run.ask((running, key) => netCancel(run.world, running, run.order, key));

export const flows: readonly Flow[] = [
  {
    name: "approve",
    outcomes: approveOutcomes,
    retries: everyRetry,
    run: async (run) => void (await run.ask((running, key) => approve(run.world, running, run.order, key))),
  },
  {
    name: "cancel, full",
    outcomes: cancelOutcomes,
    retries: everyRetry,
    run: async (run) => void (await askCancel(run, await run.approved())),
  },
  {
    name: "cancel, partial",
    outcomes: cancelOutcomes,
    retries: ["none", "same key"],
    run: async (run) => void (await askCancel(run, await run.approved(), 400n)),
  },
  {
    name: "cancel, the rest after a part",
    outcomes: cancelOutcomes
      .filter(({ name }) => ["canceled", "refused", "reply lost"].includes(name))
      .map(secondCancel),
    retries: ["same key"],
    run: async (run) => {
      const paymentId = await run.approved();
      await cancel(run.world, run.web, run.order, { paymentId, key: run.newKey(), amountMinor: 300n });
      await askCancel(run, paymentId);
    },
  },
  {
    name: "cancel, by an operator",
    outcomes: cancelOutcomes.filter(({ name }) =>
      ["canceled", "refused", "request lost", "reply lost"].includes(name),
    ),
    retries: ["none"],
    run: async (run) => {
      const paymentId = await run.approved();
      await cancel(run.world, run.target, run.order, { paymentId, key: null });
    },
  },
  {
    name: "net cancel of DONE",
    outcomes: netCancelOutcomes,
    retries: everyRetry,
    run: async (run) => {
      await run.approved();
      await askNetCancel(run);
    },
  },
  {
    name: "net cancel of UNKNOWN",
    outcomes: netCancelJobOutcomes.slice(0, 7),
    retries: everyRetry,
    run: async (run) => {
      await run.approve();
      await askNetCancel(run);
    },
  },
  {
    name: "net cancel beside approve, the approver dies",
    outcomes: besideApprove,
    retries: ["none", "same key"],
    run: async (run) => {
      const approved = run.ask((running, key) => approve(run.world, running, run.order, key));
      await run.wait(1_000);
      await Promise.all([approved, netCancel(run.world, run.web, run.order, run.newKey())]);
    },
  },
  {
    name: "net cancel beside approve, the net-canceller dies",
    outcomes: besideApprove,
    retries: ["none", "same key"],
    run: async (run) => {
      const approved = run.approve();
      await run.wait(1_000);
      await Promise.all([approved, askNetCancel(run)]);
    },
  },
  {
    name: "net cancel before approve",
    outcomes: [{ name: "the order comes afterwards" }],
    retries: ["none", "same key"],
    run: async (run) => {
      await askNetCancel(run);
      await run.approve();
    },
  },
  {
    name: "job: net cancel",
    outcomes: netCancelJobOutcomes,
    retries: ["none"],
    run: async (run) => {
      await run.approve();
      run.divert(await run.paymentId(), "net-cancel");
    },
  },
  {
    name: "job: cancel recovery",
    outcomes: recoverOutcomes,
    retries: ["none"],
    run: async (run) => {
      const paymentId = await run.approved();
      run.divert(paymentId, "recover-cancel");
      await cancel(run.world, run.web, run.order, { paymentId, key: run.newKey(), amountMinor: 400n });
    },
  },
  {
    name: "job: follow-up inquiry, orphan, reversal",
    outcomes: orphanOutcomes,
    retries: ["none"],
    run: async (run) => {
      await run.approve();
      run.divert(await run.paymentId(), "follow-up-inquiry", "reverse-orphan");
    },
  },
  {
    name: "re-drive of a net cancel, the operator's process dies",
    outcomes: deadNetCancel,
    retries: ["none"],
    isSlow: true,
    run: async (run) => {
      await run.approve();
      await redriveTwice(run);
    },
  },
  {
    name: "re-drive of a net cancel, the worker dies",
    outcomes: deadNetCancel,
    retries: ["none"],
    isSlow: true,
    run: async (run) => {
      await run.approve();
      const letter = await run.letter();
      run.divert(await run.paymentId(), "net-cancel");
      await redrive(run.world, run.web, [letter]);
    },
  },
  {
    name: "re-drive of a cancel, the operator's process dies",
    outcomes: deadCancel,
    retries: ["none"],
    isSlow: true,
    run: async (run) => {
      await cancel(run.world, run.web, run.order, { paymentId: await run.approved(), key: run.newKey() });
      await redriveTwice(run);
    },
  },
  {
    name: "re-drive of a webhook, the worker dies",
    outcomes: [{ name: "dead after ten tries", receiver: times(10, "error") }],
    retries: ["none"],
    isSlow: true,
    run: async (run) => {
      const paymentId = await run.approved();
      if (!run.world.receiver.listens(run.order.mallId)) return;
      const letter = await run.letter();
      run.divert(paymentId, "deliver-webhook");
      await redrive(run.world, run.web, [letter]);
    },
  },
  {
    name: "job: webhook delivery",
    outcomes: receiverOutcomes,
    retries: ["none"],
    run: async (run) => {
      const paymentId = await run.approved();
      run.divert(paymentId, "deliver-webhook");
      await cancel(run.world, run.web, run.order, { paymentId, key: run.newKey(), amountMinor: 400n });
    },
  },
  {
    name: "numbering of events",
    outcomes: [{ name: "one event" }],
    retries: ["none"],
    takesTurns: true,
    run: async (run) => {
      await run.approved();
      const { target, web } = run;
      await Promise.race([sequenceEvents(target.ctx), target.process.died]);
      await sequenceEvents(web.ctx);
    },
  },
  {
    name: "sweeper",
    outcomes: [
      { name: "abandoned approval" },
      { name: "abandoned approval, never sent" },
      { name: "abandoned cancel" },
    ],
    retries: ["none"],
    takesTurns: true,
    run: async (run) => {
      await abandon(run);
      await run.wait(46_000);
      const { target, web } = run;
      await Promise.race([sweepPayments(target.ctx), target.process.died]);
      await sweepPayments(web.ctx);
    },
  },
];

function secondCancel(outcome: Outcome): Outcome {
  return {
    ...outcome,
    faults: { ...outcome.faults, cancel: [fault("none"), ...(outcome.faults?.cancel ?? [])] },
  };
}

async function redriveTwice(run: CaseRun): Promise<void> {
  const letter = await run.letter();
  await redrive(run.world, run.target, [letter]);
  await run.wait(1_000);
  await redrive(run.world, run.web, [letter]);
}

/** Leaves an approval or a cancel behind, begun and never settled. */
async function abandon(run: CaseRun): Promise<void> {
  const doomed = run.world.spawn(`doomed ${run.order.orderId}`);
  const dies = run.spec.outcome === "abandoned approval, never sent" ? "crash_before" : "crash_after";
  doomed.process.fate = ({ kind }) => (kind === "van" ? dies : "plain");
  if (run.spec.outcome !== "abandoned cancel") {
    await approve(run.world, doomed, run.order, run.newKey());
    return;
  }
  const paymentId = await run.approved();
  await cancel(run.world, doomed, run.order, { paymentId, key: run.newKey() });
}
