import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { businessDateOf, endOfBusinessDate, isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { loadActiveVersion } from "#server/settlement/calendar-repository.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import {
  emptyBatch,
  findFirstEventDate,
  finishBatchIfDone,
  insertBatch,
  insertWork,
  isStillDraft,
  loadBatch,
  loadLatestBatch,
  takeBatchTurn,
} from "#server/settlement/settlement-batch-repository.ts";
import { settleMallJob } from "#server/settlement/settlement-jobs.ts";

/** An answer of a VAN that came in the last second of a date is committed by then. */
const afterEndMs = 60_000;

export type OpenBatch = Readonly<{ businessDate: string; actor: Actor; traceId: string | null }>;
export type OpenedBatch = Readonly<{ businessDate: string; isNew: boolean }>;

/**
 * Opens the settlement of a business date: one job for each mall that has anything in it. A date is settled once: asked
 * for again, it is found as it stands. It covers every date since the batch before. Audited. Throws `INVALID_REQUEST`,
 * `SETTLEMENT_DATE_NOT_OVER`, `SETTLEMENT_DATE_COVERED`, and `SETTLEMENT_BATCH_OPEN` while the one before is being worked on.
 */
export async function openBatch(
  ctx: Pick<Context, "batches" | "now">,
  { businessDate, actor, traceId }: OpenBatch,
): Promise<OpenedBatch> {
  const now = ctx.now();
  if (!isBusinessDate(businessDate)) throw new Refusal("INVALID_REQUEST", { field: "businessDate" });
  const endsAt = endOfBusinessDate(businessDate);
  if (now.getTime() < endsAt.getTime() + afterEndMs)
    throw new Refusal("SETTLEMENT_DATE_NOT_OVER", { businessDate });
  return ctx.batches.transaction(async (sql) => {
    await takeBatchTurn(sql);
    if (await loadBatch(sql, businessDate)) return { businessDate, isNew: false };
    const latest = await loadLatestBatch(sql);
    if (latest && latest.businessDate > businessDate)
      throw new Refusal("SETTLEMENT_DATE_COVERED", { businessDate: latest.businessDate });
    if (latest?.status === "OPEN")
      throw new Refusal("SETTLEMENT_BATCH_OPEN", { businessDate: latest.businessDate });
    const first = latest ? undefined : await findFirstEventDate(sql);
    await insertBatch(sql, {
      businessDate,
      fromDate: latest
        ? addDays(latest.businessDate, 1)
        : first !== undefined && first < businessDate
          ? first
          : businessDate,
      previousDate: latest?.businessDate ?? null,
      calendarVersion: await loadActiveVersion(sql),
      openedAt: now,
      openedBy: actor.type === "operator" ? actor.id : null,
    });
    const malls = await giveOut(sql, { businessDate, endsAt, generation: 1, traceId, now });
    await audit(sql, actor, "settlement.batch_opened", businessDate, { malls });
    return { businessDate, isNew: true };
  });
}

/**
 * Computes the newest batch anew, as long as nothing of it is confirmed. Of the same events it comes out byte for byte the
 * same; what has become ready meanwhile is in it. Audited with the reason. Throws `NOT_FOUND`, `SETTLEMENT_BATCH_OPEN`,
 * `SETTLEMENT_DATE_COVERED` and `CHANGED_MEANWHILE`.
 */
export async function recomputeBatch(
  ctx: Pick<Context, "batches" | "now">,
  { businessDate, actor, traceId, reason }: OpenBatch & Readonly<{ reason: string }>,
): Promise<void> {
  const now = ctx.now();
  if (!isBusinessDate(businessDate)) throw new Refusal("INVALID_REQUEST", { field: "businessDate" });
  await ctx.batches.transaction(async (sql) => {
    await takeBatchTurn(sql);
    const batch = await loadBatch(sql, businessDate);
    if (!batch) throw new Refusal("NOT_FOUND");
    if (batch.status === "OPEN") throw new Refusal("SETTLEMENT_BATCH_OPEN", { businessDate });
    const latest = await loadLatestBatch(sql);
    if (latest?.businessDate !== businessDate)
      throw new Refusal("SETTLEMENT_DATE_COVERED", { businessDate: latest?.businessDate });
    if (!(await isStillDraft(sql, businessDate))) throw new Refusal("CHANGED_MEANWHILE");
    const generation = await emptyBatch(sql, businessDate, await loadActiveVersion(sql));
    const endsAt = endOfBusinessDate(businessDate);
    await giveOut(sql, { businessDate, endsAt, generation, traceId, now });
    await audit(sql, actor, "settlement.batch_recomputed", businessDate, { reason, generation });
  });
}

/** The date whose batch is due at an instant: the next one that is over, from 02:30 in Seoul on; undefined when none is. */
export async function findDueDate(ctx: Pick<Context, "reports">, now: Date): Promise<string | undefined> {
  const latest = await loadLatestBatch(ctx.reports);
  if (latest?.status === "OPEN") return undefined;
  const next = latest ? addDays(latest.businessDate, 1) : await findFirstEventDate(ctx.reports);
  if (next === undefined) return undefined;
  return now.getTime() >= endOfBusinessDate(next).getTime() + batchTimeMs && next < businessDateOf(now)
    ? next
    : undefined;
}

/** 02:30 after midnight in Seoul. */
const batchTimeMs = 2.5 * 60 * 60 * 1000;

async function giveOut(
  sql: Sql,
  batch: { businessDate: string; endsAt: Date; generation: number; traceId: string | null; now: Date },
): Promise<number> {
  const { businessDate, generation, traceId } = batch;
  const malls = await insertWork(sql, businessDate, batch.endsAt);
  await enqueue(
    sql,
    malls.map((mallId) =>
      outboxRow(
        settleMallJob,
        `${businessDate}:${mallId}:${generation}`,
        { businessDate, mallId, generation },
        { subjectId: mallId, traceId },
      ),
    ),
  );
  if (malls.length === 0) await finishBatchIfDone(sql, businessDate, batch.now);
  return malls.length;
}

async function audit(
  sql: Sql,
  actor: Actor,
  action: string,
  businessDate: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, {
    actor,
    action,
    target: { type: "settlement_batch", id: businessDate },
    outcome: "success",
    ipAddress: actor.ipAddress,
    detail,
  });
}
