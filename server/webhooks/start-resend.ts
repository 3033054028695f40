import { recordAudit } from "#server/audit/record-audit.ts";
import { assert } from "#server/core/assert.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { selectForResend } from "#server/webhooks/delivery-log-queries.ts";
import type { ByOperator } from "#server/webhooks/record-endpoint-change.ts";
import { insertResend, loadResendOfRequest } from "#server/webhooks/resend-repository.ts";
import type { ResendSelection } from "#server/webhooks/webhook-console.schemas.ts";
import { resendLimit } from "#server/webhooks/webhook-console.values.ts";
import { resendWebhooksJob } from "#server/webhooks/webhook-jobs.ts";

export type StartResend = Readonly<{
  selection: ResendSelection;
  preview: Readonly<{ at: Date; count: number }>;
  reason: string;
  requestKey: string;
  by: ByOperator;
}>;
type StartedResend = Readonly<{ id: string; total: number }>;

/**
 * Begins to send many deliveries again: fixes which, in the order of their events, and leaves the sending to a job that
 * takes `resendsPerSecond` a second. Only what the preview could see is taken, never what came after `preview.at`. More
 * than it showed is refused with `STALE_SELECTION` before anything is sent, nothing at all with `INVALID_REQUEST`. The same
 * `requestKey` begins one run, which is returned each time; another person's is refused with `INVALID_REQUEST`. Audited.
 */
export async function startResend(
  ctx: Pick<Context, "db" | "sql" | "ids">,
  command: StartResend,
): Promise<StartedResend> {
  const { selection, preview, reason, requestKey, by } = command;
  const earlier = await resendOf(ctx, command);
  if (earlier) return earlier;
  const chosen = await selectForResend(ctx.db, selection, preview.at, resendLimit + 1);
  if (chosen.length > preview.count)
    throw new Refusal("STALE_SELECTION", { previewed: preview.count, matching: chosen.length });
  if (chosen.length === 0) throw new Refusal("INVALID_REQUEST", { field: "selection" });
  const id = ctx.ids.newId("webhookResend");
  const deliveryIds = chosen.map((delivery) => delivery.id);
  const isNew = await ctx.sql.transaction(async (sql: Sql) => {
    const isWritten = await insertResend(sql, {
      id,
      requestKey,
      selection,
      reason,
      startedBy: by.actor.id,
      traceId: by.traceId,
      deliveryIds,
    });
    if (!isWritten) return false;
    await enqueue(sql, [
      outboxRow(resendWebhooksJob, id, { resendId: id }, { subjectId: id, traceId: by.traceId }),
    ]);
    await recordAudit(sql, {
      actor: by.actor,
      action: "webhook_resend.started",
      target: { type: "webhook_resend", id },
      outcome: "success",
      ipAddress: by.actor.ipAddress,
      detail: {
        reason,
        total: deliveryIds.length,
        // Names of single deliveries are in the run; the log keeps what was asked for.
        selection: selection.kind === "filter" ? selection.filter : { ids: selection.ids.length },
        traceId: by.traceId,
      },
    });
    return true;
  });
  if (isNew) return { id, total: deliveryIds.length };
  const other = await resendOf(ctx, command);
  assert(other, `the resend of request ${requestKey} exists`);
  return other;
}

async function resendOf(
  ctx: Pick<Context, "sql">,
  { requestKey, by }: StartResend,
): Promise<StartedResend | undefined> {
  const resend = await loadResendOfRequest(ctx.sql, requestKey);
  if (!resend) return undefined;
  if (resend.startedBy !== by.actor.id) throw new Refusal("INVALID_REQUEST", { field: "requestKey" });
  return { id: resend.id, total: resend.total };
}
