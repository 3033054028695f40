import type { Books } from "./books.ts";
import type { FaultSaw, MallSaw } from "./history.ts";
import type { Verified } from "./own-verifier.ts";
import { chaosVanSettings } from "./plant-malls.ts";
import type { Check } from "./referee.ts";
import { resolutionsOf } from "./resolutions.ts";
import type { Rest } from "./settle.ts";

export type Report = Readonly<{
  seed: number;
  minutes: number;
  startedAt: string;
  payments: number;
  approved: number;
  cancels: number;
  netCanceled: number;
  requests: number;
  retries: number;
  /** How often malls saw each answer. */
  answers: Readonly<Record<string, number>>;
  faults: readonly FaultSummary[];
  /** Outcomes that became unknown because a mall's test code asked the sandbox VAN for it. */
  unknownAskedFor: number;
  unknown: Readonly<{ approvals: number; cancels: number; share: number }>;
  resolution: Readonly<{ count: number; p50Ms: number; p99Ms: number; maxMs: number }>;
  orphans: number;
  deadLetters: Readonly<{ total: number; redriven: number }>;
  webhooks: Readonly<{ received: number; taken: number; hurried: number }>;
  restarts: number;
  rest: Rest;
  /** What the platform's own verifier found during the run, by invariant; what was still there at the end fails a check. */
  verifierSaid: Readonly<Record<string, number>>;
  checks: readonly Check[];
  /** No more than so large a share of payments can go wrong, with 95 % certainty, if none of these did (rule of three). */
  boundAt95: number;
  passed: boolean;
}>;

export type FaultSummary = Readonly<{
  kind: string;
  count: number;
  skipped: string | null;
  requestsInFlight: number;
  vanCallsInFlight: number;
  touched: number | null;
  /** Outcomes that became unknown by it, as far as that can be told. */
  unknown: number;
  wholeAfterMs: number | null;
}>;

/** The figure that so many of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Sums up what a run saw. */
export function summarize(run: {
  seed: number;
  minutes: number;
  startedAt: Date;
  books: Books;
  requests: readonly MallSaw[];
  hooks: readonly { answered: number }[];
  faults: readonly FaultSaw[];
  rest: Rest;
  redriven: number;
  restarts: number;
  verified: Verified;
  checks: readonly Check[];
}): Report {
  const { books, requests } = run;
  const answers: Record<string, number> = {};
  for (const { status, code } of requests) {
    const name = status === null ? `no answer (${code})` : `${status} ${code}`;
    answers[name] = (answers[name] ?? 0) + 1;
  }
  const approvals = books.steps.filter(({ kind }) => kind === "unknown").length;
  const cancels = books.steps.filter(({ kind }) => kind === "cancel_unknown").length;
  const asked = paymentsAskedToBeOdd(books, requests);
  const unknownAskedFor = books.steps.filter(
    ({ kind, paymentId }) => isUnknown(kind) && asked.has(paymentId),
  ).length;
  const times = resolutionsOf(books.steps).map(({ tookMs }) => tookMs);
  const checks = [...run.checks, run.verified.check, biteCheck(approvals + cancels), wholeCheck(run.faults)];
  return {
    seed: run.seed,
    minutes: run.minutes,
    startedAt: run.startedAt.toISOString(),
    payments: books.payments.length,
    approved: books.steps.filter(
      ({ fromStatus, toStatus }) => fromStatus === "IN_PROGRESS" && toStatus === "DONE",
    ).length,
    cancels: books.cancels.filter(({ origin, status }) => origin !== "NET_CANCEL" && status === "SUCCEEDED")
      .length,
    netCanceled: books.payments.filter(({ status }) => status === "NET_CANCELED").length,
    requests: requests.length,
    retries: requests.filter(({ attempt }) => attempt > 1).length,
    answers,
    faults: summarizeFaults(run.faults, books, asked),
    unknownAskedFor,
    unknown: {
      approvals,
      cancels,
      share: books.payments.length === 0 ? 0 : approvals / books.payments.length,
    },
    resolution: {
      count: times.length,
      p50Ms: percentile(times, 0.5),
      p99Ms: percentile(times, 0.99),
      maxMs: percentile(times, 1),
    },
    orphans: books.orphans.length,
    deadLetters: { total: books.letters.length, redriven: run.redriven },
    webhooks: {
      received: run.hooks.length,
      taken: run.hooks.filter(({ answered }) => answered === 200).length,
      hurried: run.rest.webhooksHurried,
    },
    restarts: run.restarts,
    rest: run.rest,
    verifierSaid: run.verified.saidMeanwhile,
    checks,
    boundAt95: books.payments.length === 0 ? 1 : 3 / books.payments.length,
    passed: checks.every(({ passed }) => passed),
  };
}

/** A run in which every outcome was known at once has not tested anything. */
function biteCheck(unknown: number): Check {
  return {
    name: "the faults were felt: some outcomes were unknown for a while",
    cases: unknown,
    passed: unknown > 0,
    findings:
      unknown > 0 ? [] : [{ subject: "run", says: "no outcome was ever unknown: nothing was tested" }],
  };
}

function wholeCheck(faults: readonly FaultSaw[]): Check {
  const done = faults.filter(({ skipped }) => skipped === null);
  const findings = done.flatMap(({ kind, on, wholeAfterMs }) =>
    wholeAfterMs === null ? [{ subject: kind, says: `the platform did not get over it (${on})` }] : [],
  );
  return {
    name: "the platform was whole again after every fault",
    cases: done.length,
    passed: done.length > 0 && findings.length === 0,
    findings,
  };
}

const isUnknown = (kind: string) => kind === "unknown" || kind === "cancel_unknown";

/** The payments whose mall asked the sandbox VAN to misbehave: what becomes of them is no fault's doing. */
function paymentsAskedToBeOdd({ payments }: Books, requests: readonly MallSaw[]): Set<string> {
  const orders = new Set(requests.flatMap(({ testCode, orderId }) => (testCode === null ? [] : orderId)));
  return new Set(payments.flatMap(({ id, orderId }) => (orders.has(orderId) ? id : [])));
}

/**
 * Counts by fault what became unknown while it was the latest one. An outcome that only the sweeper found to be unknown,
 * a lease later, counts for the first fault after its beginning: the one that took its handler away.
 */
function countUnknown(
  begun: readonly FaultSaw[],
  steps: Books["steps"],
  asked: ReadonlySet<string>,
): Map<FaultSaw, number> {
  const counts = new Map<FaultSaw, number>();
  const openedAtMs = new Map<string, number>();
  for (const { paymentId, kind, cancelId, at } of steps) {
    if (kind === "requested" || kind === "cancel_requested")
      openedAtMs.set(cancelId ?? paymentId, at.getTime());
    if (!isUnknown(kind) || asked.has(paymentId)) continue;
    const opened = openedAtMs.get(cancelId ?? paymentId) ?? at.getTime();
    const wasSwept = at.getTime() - opened >= chaosVanSettings.leaseMs;
    const cause =
      (wasSwept ? begun.find(({ atMs }) => atMs >= opened) : undefined) ??
      begun.findLast(({ atMs }) => atMs <= at.getTime());
    if (cause) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return counts;
}

function summarizeFaults(
  faults: readonly FaultSaw[],
  { steps }: Books,
  asked: ReadonlySet<string>,
): FaultSummary[] {
  const byTime = faults.toSorted((a, b) => a.atMs - b.atMs);
  const begun = byTime.filter(({ skipped }) => skipped === null);
  const unknownOf = countUnknown(begun, steps, asked);
  const most = (values: readonly (number | null)[]) =>
    values.reduce<number | null>((max, value) => (value === null ? max : Math.max(max ?? 0, value)), null);
  return [...Map.groupBy(byTime, ({ kind }) => kind)].map(([kind, of]) => ({
    kind,
    count: of.filter(({ skipped }) => skipped === null).length,
    skipped: of.find(({ skipped }) => skipped !== null)?.skipped ?? null,
    requestsInFlight: of.reduce((sum, fault) => sum + fault.requestsInFlight, 0),
    vanCallsInFlight: of.reduce((sum, fault) => sum + fault.vanCallsInFlight, 0),
    touched: of.every(({ touched }) => touched === null)
      ? null
      : of.reduce((sum, fault) => sum + (fault.touched ?? 0), 0),
    unknown: of.reduce((sum, fault) => sum + (unknownOf.get(fault) ?? 0), 0),
    wholeAfterMs: most(of.map(({ wholeAfterMs }) => wholeAfterMs)),
  }));
}

const number = (value: number) => value.toLocaleString("en");
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** The report as text for a terminal. */
export function renderReport(report: Report): string {
  const lines = [
    "",
    `Chaos, seed ${report.seed}, ${report.minutes} min, begun ${report.startedAt}`,
    "",
    `  ${number(report.payments)} payments, ${number(report.approved)} approved, ${number(report.cancels)} cancels, ${number(report.netCanceled)} net-cancelled; ${number(report.requests)} requests, ${number(report.retries)} of them retries`,
    `  unknown for a while: ${report.unknown.approvals} approvals (${(report.unknown.share * 100).toFixed(1)} %) and ${report.unknown.cancels} cancels; resolved in ${seconds(report.resolution.p50Ms)} (p50), ${seconds(report.resolution.p99Ms)} (p99), ${seconds(report.resolution.maxMs)} (longest) of ${report.resolution.count}`,
    `  found live after their end: ${report.orphans}; dead letters: ${report.deadLetters.total}, re-driven once: ${report.deadLetters.redriven}; processes started again: ${report.restarts}`,
    `  webhooks: ${number(report.webhooks.received)} received, ${number(report.webhooks.taken)} taken; ${number(report.webhooks.hurried)} later tries were brought forward at the end`,
    `  the platform's own verifier found during the run: ${
      Object.entries(report.verifierSaid)
        .map(([name, count]) => `${count} × ${name}`)
        .join(", ") || "nothing"
    }`,
    `  at rest ${seconds(report.rest.tookMs)} after the last payment`,
    "",
    "  answers that malls saw",
    ...Object.entries(report.answers)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `    ${number(count).padStart(8)}  ${name}`),
    "",
    "  fault                   times  requests  VAN calls      hit  unknown  whole after",
    "                                in flight  in flight             caused   (longest)",
    ...report.faults.map(renderFault),
    `  (asked for by malls' test codes)${number(report.unknownAskedFor).padStart(32)}`,
    "",
    ...report.checks.flatMap(renderCheck),
    "",
    `  ${number(report.payments)} payments without a loss bound the share of lost ones at ${report.boundAt95.toExponential(1)} (95 %, rule of three).`,
    "",
    report.passed ? "✓ no fault lost or doubled money" : "✗ FAILED",
  ];
  return lines.join("\n");
}

function renderFault(fault: FaultSummary): string {
  if (fault.count === 0) return `  ${fault.kind.padEnd(23)} skipped: ${fault.skipped}`;
  const cells = [
    String(fault.count).padStart(5),
    number(fault.requestsInFlight).padStart(9),
    number(fault.vanCallsInFlight).padStart(10),
    (fault.touched === null ? "" : number(fault.touched)).padStart(8),
    number(fault.unknown).padStart(8),
    (fault.wholeAfterMs === null ? "never" : seconds(fault.wholeAfterMs)).padStart(12),
  ];
  return `  ${fault.kind.padEnd(23)} ${cells.join(" ")}`;
}

function renderCheck(check: Check): string[] {
  const mark = check.passed ? "✓" : "✗";
  const shown = check.findings
    .slice(0, 10)
    .map(({ subject, says }) => `      ${subject}: ${says.slice(0, 300)}`);
  const more = check.findings.length > 10 ? [`      … and ${check.findings.length - 10} more`] : [];
  return [`  ${mark} ${check.name} (${number(check.cases)})`, ...shown, ...more];
}
