import { changeMall } from "#server/malls/change-mall.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { type Suspension, writeSuspension } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";

export type SwitchMall = MallCommand & Readonly<{ reason: string }>;

/** `changed` is false when it was so already: who was first stays the one who did it. */
export type Switched = Readonly<{ changed: boolean }>;

/**
 * Lets a mall open no new payment (`MALL_SUSPENDED`) until `resumeMall`; its cancels, net cancels, inquiries and webhooks go
 * on, and a repeat of what it began before is answered. Audited, with the reason. Throws `NOT_FOUND`.
 */
export function suspendMall(ctx: Pick<Context, "sql" | "now">, command: SwitchMall): Promise<Switched> {
  return switchMall(ctx, command, { at: ctx.now(), by: command.actor.id, reason: command.reason });
}

/** Lets a mall take new payments again. Audited, with the reason. Throws `NOT_FOUND`. */
export function resumeMall(ctx: Pick<Context, "sql">, command: SwitchMall): Promise<Switched> {
  return switchMall(ctx, command, null);
}

function switchMall(
  ctx: Pick<Context, "sql">,
  command: SwitchMall,
  suspension: Suspension | null,
): Promise<Switched> {
  const status = suspension ? "SUSPENDED" : "ACTIVE";
  return changeMall<Switched>(ctx, command, async (sql, mall) => {
    if (mall.status === status) return { result: { changed: false } };
    await writeSuspension(sql, mall.id, suspension);
    return {
      result: { changed: true },
      audit: {
        action: suspension ? "mall.suspended" : "mall.resumed",
        detail: { reason: command.reason, before: { status: mall.status }, after: { status } },
      },
    };
  });
}
