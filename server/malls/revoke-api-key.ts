import { Refusal } from "#server/core/refusals.ts";
import { changeMall } from "#server/malls/change-mall.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { lockWorkingKey, writeRevocation } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Ends a key for ever: here at once, in every other process within a second. Audited, with the reason. Throws `NOT_FOUND`,
 * and `CHANGED_MEANWHILE` for a key that has ended already.
 */
export function revokeApiKey(
  ctx: Pick<Context, "sql">,
  command: MallCommand & Readonly<{ keyId: string; reason: string }>,
): Promise<void> {
  return changeMall(ctx, command, async (sql, mall) => {
    const key = await lockWorkingKey(sql, mall.id, command.keyId);
    if (!key) throw new Refusal("CHANGED_MEANWHILE");
    await writeRevocation(sql, command.keyId, command.actor.id);
    return {
      result: undefined,
      audit: {
        action: "mall.key_revoked",
        detail: {
          reason: command.reason,
          keyId: command.keyId,
          keyName: key.name,
          key: `${key.prefix}_…${key.lastFour}`,
          before: { status: key.isReplaced ? "ENDING" : "WORKING" },
          after: { status: "REVOKED" },
        },
      },
    };
  });
}
