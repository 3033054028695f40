import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import {
  type Decision,
  decideUnresolved,
  type VanAnswer,
} from "#server/payments/domain/decide-unresolved.ts";
import { findUnresolved, type Unresolved } from "#server/payments/find-unresolved.ts";
import { inquireAtVan } from "#server/payments/inquire-at-van.ts";
import { inquiriesPerMinuteMax } from "#server/payments/unresolved.values.ts";
import type { Context } from "#server/platform/context.ts";
import { redisBudgetsMs } from "#server/platform/redis.ts";
import type { InquiryOutcome } from "#server/van/van-gateway.ts";
import { readVanSettings } from "#server/van/van-queries.ts";

/** What an inquiry brought for one row: the VAN's answer and what follows from it. */
export type InquiryResult =
  | Readonly<{ subjectId: string; kind: "answered"; at: Date; answer: VanAnswer; decision: Decision }>
  | Readonly<{ subjectId: string; kind: "resolved" | "not_found" }>;

type InquiryContext = Pick<Context, "sql" | "vans" | "now" | "redis">;

/** How many inquiries of one call run side by side. */
const inquiriesAtOnce = 4;

/**
 * Asks the VANs what became of some open outcomes, and says for each what recovery would do with the answer. Moves no
 * money and changes no status: the exchange and an audit row are all that is written. Throws `TOO_MANY_REQUESTS` when
 * one operator asks more than `inquiriesPerMinuteMax` times a minute.
 */
export async function inquireUnresolved(
  ctx: InquiryContext,
  command: { subjectIds: readonly string[]; actor: Actor & { type: "operator" }; traceId: string },
): Promise<InquiryResult[]> {
  const subjectIds = [...new Set(command.subjectIds)];
  await refuseIfTooOften(ctx, command.actor.id, subjectIds.length);
  const results = new Map<string, InquiryResult>();
  const left = [...subjectIds];
  const worker = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      results.set(id, await inquireOne(ctx, command, id));
    }
  };
  await Promise.all(Array.from({ length: Math.min(inquiriesAtOnce, subjectIds.length) }, worker));
  return subjectIds.flatMap((id) => results.get(id) ?? []);
}

async function inquireOne(
  ctx: InquiryContext,
  { actor, traceId }: { actor: Actor & { type: "operator" }; traceId: string },
  subjectId: string,
): Promise<InquiryResult> {
  const unresolved = await findUnresolved(ctx, subjectId);
  if (!unresolved) return { subjectId, kind: "not_found" };
  if (!unresolved.isOpen) return { subjectId, kind: "resolved" };
  const { payment, kind, amountMinor } = unresolved;
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const at = ctx.now();
  const answer = await ask(ctx, unresolved);
  const deadlineAt =
    kind === "CANCEL" ? null : new Date(payment.requestedAt.getTime() + van.netCancelDeadlineMs);
  const decision = decideUnresolved({ kind, amountMinor, deadlineAt }, answer, ctx.now());
  await recordAudit(ctx.sql, {
    actor,
    action: "payment.inquired",
    target: { type: "payment", id: payment.id },
    outcome: answer.kind === "found" || answer.kind === "not_found" ? "success" : "failure",
    ipAddress: actor.ipAddress,
    detail: {
      subjectId,
      van: payment.vanCode,
      answer: answer.kind === "found" ? answer.state : answer.kind,
      follows: decision.step,
      traceId,
    },
  });
  return { subjectId, kind: "answered", at, answer, decision };
}

async function ask(ctx: InquiryContext, { payment, kind, cancel }: Unresolved): Promise<VanAnswer> {
  if (!ctx.vans.has(payment.vanCode)) return { kind: "not_connected" };
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  // A mall's net cancel carries the approval's own trace number, and so does what was found live.
  return toAnswer(await inquireAtVan(ctx, payment, van, kind === "CANCEL" ? cancel : undefined));
}

function toAnswer(outcome: InquiryOutcome): VanAnswer {
  switch (outcome.kind) {
    case "found":
      return {
        kind: "found",
        state: outcome.state,
        amountMinor: outcome.amountMinor,
        canceledMinor: outcome.canceledMinor,
      };
    case "not_found":
      return { kind: "not_found" };
    case "not_sent":
      return { kind: "unreachable" };
    case "unknown":
      return { kind: "silent" };
  }
}

/** Counted in Redis alone: without it the bound of one call still holds. */
async function refuseIfTooOften({ redis }: InquiryContext, operatorId: string, count: number): Promise<void> {
  const key = `rate:inquire:${operatorId}`;
  const answers = await redis.try(
    (r) => r.multi().incrby(key, count).expire(key, 60, "NX").exec(),
    redisBudgetsMs.rateLimit,
  );
  if (Number(answers?.[0]?.[1] ?? 0) > inquiriesPerMinuteMax) throw new Refusal("TOO_MANY_REQUESTS", {}, 60);
}
