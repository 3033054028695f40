import { type RedriveSelection, redriveLimit } from "#server/dead-letters/dead-letter.schemas.ts";
import { type DeadLetterLine, selectForRedrive } from "#server/dead-letters/dead-letter-queries.ts";
import { readSubjectsNow, type SubjectNow } from "#server/dead-letters/dead-letter-repository.ts";
import {
  decideByOurRecords,
  decideByVan,
  type RedriveDecision,
  type RedriveOutcome,
  type VanAnswer,
} from "#server/dead-letters/domain/decide-redrive.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { Context } from "#server/platform/context.ts";
import type { InquiryOutcome } from "#server/van/van-gateway.ts";
import { readAllVanSettings } from "#server/van/van-queries.ts";

/** How many VAN inquiries of one preview run side by side. */
const inquiriesAtOnce = 8;

/** `statusNow` and `statusAfter` are the payment's, where the re-drive changes it. */
export type PreviewedLetter = DeadLetterLine &
  RedriveDecision &
  Readonly<{ statusNow: PaymentStatus | null; statusAfter: PaymentStatus | null }>;
export type OutcomeTotal = Readonly<{
  count: number;
  amountMinor: bigint;
  byJob: Readonly<Record<string, number>>;
}>;
export type RedrivePreview = Readonly<{
  at: Date;
  /** The nearest deadline first. */
  letters: readonly PreviewedLetter[];
  totals: Readonly<Record<RedriveOutcome, OutcomeTotal>>;
  /** More letters match than one re-drive takes; the rest stays for the next. */
  truncated: boolean;
}>;

/**
 * A dry run of a re-drive: says for each letter what it would do and why, after asking the VAN by inquiry only.
 * Changes nothing, here or at the VAN. Takes at most `redriveLimit` letters, the nearest deadline first.
 */
export async function previewRedrive(
  ctx: Pick<Context, "db" | "sql" | "vans" | "now">,
  selection: RedriveSelection,
): Promise<RedrivePreview> {
  const at = ctx.now();
  const found = await selectForRedrive(
    ctx.db,
    selection.kind === "ids" ? { ids: selection.ids } : { filter: selection.filter },
    at,
    redriveLimit + 1,
  );
  const letters = found.slice(0, redriveLimit);
  const [subjects, settings] = await Promise.all([
    readSubjectsNow(
      ctx.sql,
      letters.map((letter) => letter.id),
    ),
    readAllVanSettings(ctx.sql),
  ]);

  const ask = async (now: SubjectNow): Promise<VanAnswer> => {
    const van = now.vanCode === null ? undefined : ctx.vans.get(now.vanCode);
    const agreed = now.vanCode === null ? undefined : settings.get(now.vanCode);
    if (!van || !agreed || !now.original || now.vanTraceNo === null) return { kind: "no_such_van" };
    const outcome = await van.inquire(
      { original: now.original, traceNo: now.vanTraceNo },
      { connectTimeoutMs: agreed.connectTimeoutMs, totalTimeoutMs: agreed.inquiryTimeoutMs },
    );
    return toAnswer(outcome);
  };
  const decide = async (letter: DeadLetterLine): Promise<PreviewedLetter> => {
    const decision = await decideLetter(letter, subjects.get(letter.id), ask, at);
    const now = subjects.get(letter.id);
    const moves = decision.asksVan && now?.statusAfter !== null && now?.statusAfter !== now?.paymentStatus;
    return {
      ...letter,
      ...decision,
      statusNow: now?.paymentStatus ?? null,
      statusAfter: moves ? (now?.statusAfter ?? null) : null,
    };
  };
  const decided = await mapAtMost(letters, inquiriesAtOnce, decide);
  return { at, letters: decided, totals: totalsOf(decided), truncated: found.length > letters.length };
}

async function decideLetter(
  letter: DeadLetterLine,
  now: SubjectNow | undefined,
  ask: (now: SubjectNow) => Promise<VanAnswer>,
  at: Date,
): Promise<RedriveDecision> {
  if (letter.status !== "PARKED") return { outcome: "PERSON", why: "NOT_PARKED", asksVan: false };
  if (!now) return { outcome: "PERSON", why: "SUBJECT_MISSING", asksVan: false };
  const known = decideByOurRecords(now.subject);
  if (known) return known;
  const { subject } = now;
  if (subject.kind === "approval" || subject.kind === "cancel" || subject.kind === "orphan") {
    return decideByVan(subject, await ask(now), letter.deadlineAt, at);
  }
  return { outcome: "PERSON", why: "SUBJECT_MISSING", asksVan: false };
}

function toAnswer(outcome: InquiryOutcome): VanAnswer {
  if (outcome.kind === "found") {
    return {
      kind: "found",
      state: outcome.state,
      amountMinor: outcome.amountMinor,
      canceledMinor: outcome.canceledMinor,
    };
  }
  return outcome.kind === "not_found" ? { kind: "not_found" } : { kind: "silent" };
}

function totalsOf(letters: readonly PreviewedLetter[]): RedrivePreview["totals"] {
  const of = (outcome: RedriveOutcome): OutcomeTotal => {
    const group = letters.filter((letter) => letter.outcome === outcome);
    const byJob: Record<string, number> = {};
    for (const { jobName } of group) byJob[jobName] = (byJob[jobName] ?? 0) + 1;
    return {
      count: group.length,
      amountMinor: group.reduce((sum, letter) => sum + (letter.amountMinor ?? 0n), 0n),
      byJob,
    };
  };
  return { SEND: of("SEND"), CLOSE: of("CLOSE"), PERSON: of("PERSON") };
}

/** Maps with at most `atOnce` calls under way; keeps the order. */
async function mapAtMost<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
