import { judgeAtVan, type VanVerdict } from "#server/integrity/domain/judge-at-van.ts";
import { loadSettledAfter, loadUnverified, type VanSubject } from "#server/integrity/integrity-repository.ts";
import {
  checksOf,
  countExamined,
  measure,
  openOf,
  settleFindings,
  type Turn,
} from "#server/integrity/turn.ts";
import { inquireAtVan } from "#server/payments/inquire-at-van.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import { reportOrphan } from "#server/payments/report-orphan.ts";
import { readAllVanSettings, readVanSettings } from "#server/van/van-queries.ts";

/**
 * How many payments a run asks the VANs about, and which: those found wrong before, the newest that nobody asked about
 * since their VAN could still be at work on them, and for the rest any of the last days.
 */
const sample = {
  size: 10,
  newestDone: 5,
  newestNetCanceled: 2,
  newestWithinMs: 24 * 3_600_000,
  anyWithinMs: 7 * 24 * 3_600_000,
  atOnce: 4,
} as const;

type Answered = Readonly<{ id: string; verdict: VanVerdict }>;

/**
 * Asks the VANs whether they hold what we say they hold (I1), by inquiries that are kept like any other. Money that is
 * live for a net-cancelled payment is reported as an orphan and reversed. No answer is no finding: a VAN that is silent
 * is not asked again in this run.
 */
export async function checkAtVans(turn: Turn): Promise<void> {
  const parts = checksOf("computed").filter(({ invariant }) => invariant.id === "I1");
  await measure(turn, "I1", 0, async () => {
    const waiting = await chooseSample(turn);
    const silent = new Set<string>();
    const answered: Answered[] = [];
    const hand = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (silent.has(next.vanCode) || !isAskable(turn, next.vanCode)) continue;
        const verdict = await ask(turn, next.id);
        if (verdict === "silent") silent.add(next.vanCode);
        else if (verdict) answered.push({ id: next.id, verdict });
      }
    };
    await Promise.all(Array.from({ length: sample.atOnce }, hand));
    countExamined(turn, "I1", answered.length);
    const ids = new Set(answered.map(({ id }) => id));
    for (const one of parts) {
      const violations = answered
        .filter(({ verdict }) => verdict.part === one.check.part && !verdict.holds)
        .map(({ id, verdict }) => ({
          subjectId: id,
          paymentId: id,
          expected: verdict.expected,
          found: verdict.found,
        }));
      await settleFindings(turn, one, { violations, total: violations.length }, ({ subjectId }) =>
        ids.has(subjectId),
      );
    }
  });
}

async function chooseSample(turn: Turn): Promise<VanSubject[]> {
  const { ctx } = turn;
  const nowMs = ctx.now().getTime();
  const settings = [...(await readAllVanSettings(ctx.sql)).values()];
  const windowMs = Math.max(
    0,
    ...settings.map((van) => van.connectTimeoutMs + van.approveTimeoutMs + van.processingWindowMs),
  );
  const to = new Date(nowMs - windowMs);
  const chosen = new Map<string, VanSubject>();
  const add = (subject: VanSubject) => {
    if (chosen.size < sample.size) chosen.set(subject.id, subject);
  };
  for (const { invariant, check } of checksOf("computed")) {
    if (invariant.id !== "I1") continue;
    for (const { subjectId } of openOf(turn, "I1", check.part)) {
      const { payment } = await readPayment(ctx, { paymentId: subjectId });
      add({ id: payment.id, vanCode: payment.vanCode });
    }
  }
  const from = new Date(nowMs - sample.newestWithinMs);
  const newest = { from, to, windowMs };
  for (const subject of await loadUnverified(ctx.reports, {
    ...newest,
    status: "DONE",
    limit: sample.newestDone,
  }))
    add(subject);
  for (const subject of await loadUnverified(ctx.reports, {
    ...newest,
    status: "NET_CANCELED",
    limit: sample.newestNetCanceled,
  }))
    add(subject);
  for (let tries = chosen.size; tries < sample.size; tries++) {
    const at = new Date(to.getTime() - ctx.random() * sample.anyWithinMs);
    const subject = await loadSettledAfter(ctx.reports, at, to);
    if (subject) add(subject);
  }
  return [...chosen.values()];
}

/** A VAN that has trouble is left to those who need it. */
function isAskable({ ctx }: Turn, vanCode: string): boolean {
  const health = ctx.vans.get(vanCode)?.health();
  return health?.reachable === true && health.circuit.state === "CLOSED";
}

/** Asks about one payment. Nothing when it changed meanwhile: then the answer is of another moment than the question. */
async function ask({ ctx }: Turn, paymentId: string): Promise<VanVerdict | "silent" | undefined> {
  const { payment } = await readPayment(ctx, { paymentId });
  if (payment.reservedMinor > 0n) return undefined;
  const inquiry = await inquireAtVan(ctx, payment, await readVanSettings(ctx.sql, payment.vanCode));
  if (inquiry.kind === "unknown" || inquiry.kind === "not_sent") return "silent";
  const { payment: after } = await readPayment(ctx, { paymentId });
  if (after.version !== payment.version) return undefined;
  const verdict = judgeAtVan(payment, inquiry);
  if (verdict?.part === "reversed" && !verdict.holds) await reportOrphan(ctx, payment, "inquiry");
  return verdict;
}
