import {
  type LetterToJudge,
  readLettersToJudge,
  readSubjectsNow,
  type SubjectNow,
} from "#server/dead-letters/dead-letter-repository.ts";
import {
  decideByOurRecords,
  decideByVan,
  type RedriveDecision,
  type VanAnswer,
} from "#server/dead-letters/domain/decide-redrive.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { Context } from "#server/platform/context.ts";
import type { InquiryOutcome } from "#server/van/van-gateway.ts";
import { readAllVanSettings } from "#server/van/van-queries.ts";

/** How many VAN inquiries of one preview run side by side. */
const inquiriesAtOnce = 8;

/** `statusNow` and `statusAfter` are the payment's, where the re-drive changes it. */
export type PreviewedLetter = RedriveDecision &
  Readonly<{ id: string; statusNow: PaymentStatus | null; statusAfter: PaymentStatus | null }>;

/**
 * A dry run of a re-drive: says for each letter what it would do and why, after asking the VAN by inquiry only.
 * Changes nothing, here or at the VAN.
 */
export async function previewRedrive(
  ctx: Pick<Context, "sql" | "vans" | "now">,
  ids: readonly string[],
): Promise<PreviewedLetter[]> {
  const at = ctx.now();
  const [letters, subjects, settings] = await Promise.all([
    readLettersToJudge(ctx.sql, ids),
    readSubjectsNow(ctx.sql, ids),
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
  const decide = async (id: string): Promise<PreviewedLetter> => {
    const now = subjects.get(id);
    const decision = await decideLetter(letters.get(id), now, ask, at);
    const moves = decision.asksVan && now?.statusAfter !== null && now?.statusAfter !== now?.paymentStatus;
    return {
      id,
      ...decision,
      statusNow: now?.paymentStatus ?? null,
      statusAfter: moves ? (now?.statusAfter ?? null) : null,
    };
  };
  return mapAtMost(ids, inquiriesAtOnce, decide);
}

async function decideLetter(
  letter: LetterToJudge | undefined,
  now: SubjectNow | undefined,
  ask: (now: SubjectNow) => Promise<VanAnswer>,
  at: Date,
): Promise<RedriveDecision> {
  if (!letter) return { outcome: "PERSON", why: "SUBJECT_MISSING", asksVan: false };
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
