import { Refusal } from "#server/core/refusals.ts";
import { changeMall } from "#server/malls/change-mall.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { deleteFutureContract } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Takes back a version of a contract that has not begun; the one before it then holds on. Audited with what it said. Throws
 * `NOT_FOUND`, and `CHANGED_MEANWHILE` for a version that has begun or is gone.
 */
export function withdrawContract(
  ctx: Pick<Context, "sql">,
  command: MallCommand & Readonly<{ contractId: string; reason: string }>,
): Promise<void> {
  const { contractId, reason } = command;
  return changeMall(ctx, command, async (sql, mall) => {
    const gone = await deleteFutureContract(sql, mall.id, contractId, mall.today);
    if (!gone) throw new Refusal("CHANGED_MEANWHILE");
    return {
      result: undefined,
      audit: {
        action: "mall.contract_withdrawn",
        detail: { reason, contractId, method: gone.method, before: gone.terms, after: {} },
      },
    };
  });
}
