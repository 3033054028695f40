import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { forgetVanSettings } from "#server/van/van-queries.ts";
import { type ApprovalSwitch, lockApprovalSwitch, writeApprovalSwitch } from "#server/van/van-repository.ts";

export type SwitchApprovals = Readonly<{
  code: string;
  reason: string;
  actor: { type: "operator"; id: string; ipAddress: string | null };
  traceId: string;
}>;

/** `changed` is false when it was so already: who was first stays the one who did it. */
export type Switched = Readonly<{ changed: boolean }>;

/**
 * The kill switch: sends no new approval to a VAN until `resumeApprovals`. In force here at once, in every other process
 * within a second; approvals on their way end as they may, and cancels, net cancels and inquiries go on. Audited, with the
 * reason. Throws `NOT_FOUND`.
 */
export function stopApprovals(
  ctx: Pick<Context, "sql" | "now">,
  command: SwitchApprovals,
): Promise<Switched> {
  return switchApprovals(ctx, command, {
    isEnabled: false,
    stoppedReason: command.reason,
    stoppedBy: command.actor.id,
    stoppedAt: ctx.now(),
  });
}

/** Lets new approvals go to a VAN again, as its circuit and the weights of the malls allow. Audited. Throws `NOT_FOUND`. */
export function resumeApprovals(
  ctx: Pick<Context, "sql" | "now">,
  command: SwitchApprovals,
): Promise<Switched> {
  return switchApprovals(ctx, command, {
    isEnabled: true,
    stoppedReason: null,
    stoppedBy: null,
    stoppedAt: null,
  });
}

async function switchApprovals(
  ctx: Pick<Context, "sql">,
  command: SwitchApprovals,
  after: ApprovalSwitch,
): Promise<Switched> {
  const switched = await ctx.sql.transaction(async (sql) => {
    const before = await lockApprovalSwitch(sql, command.code);
    if (!before) throw new Refusal("NOT_FOUND");
    if (before.isEnabled === after.isEnabled) return { changed: false };
    await writeApprovalSwitch(sql, command.code, after);
    await recordAudit(sql, {
      actor: command.actor,
      action: after.isEnabled ? "van.approvals_resumed" : "van.approvals_stopped",
      target: { type: "van", id: command.code },
      outcome: "success",
      ipAddress: command.actor.ipAddress,
      detail: {
        reason: command.reason,
        traceId: command.traceId,
        before: { approvals: before.isEnabled ? "RUNNING" : "STOPPED" },
        after: { approvals: after.isEnabled ? "RUNNING" : "STOPPED" },
      },
    });
    return { changed: true };
  });
  forgetVanSettings(ctx.sql);
  return switched;
}
