import { Refusal } from "#server/core/refusals.ts";
import { changeMall } from "#server/malls/change-mall.ts";
import { type IssuedKey, shownKey, writeNewKey } from "#server/malls/issue-api-key.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { lockWorkingKey, replaceKey } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";

export type RotatedKey = IssuedKey & Readonly<{ oldKeyExpiresAt: Date }>;

/**
 * Issues a key in the place of another, which goes on working for `overlapHours` (at most 72; 0 ends it at once). A key is
 * replaced once: of two who rotate it at the same time one is refused. Audited. Throws `NOT_FOUND`, and
 * `CHANGED_MEANWHILE` for a key that has ended or was replaced.
 */
export function rotateApiKey(
  ctx: Pick<Context, "sql" | "ids" | "keys" | "env">,
  command: MallCommand & Readonly<{ keyId: string; overlapHours: number }>,
): Promise<RotatedKey> {
  const { keyId, overlapHours } = command;
  return changeMall(ctx, command, async (sql, mall) => {
    const old = await lockWorkingKey(sql, mall.id, keyId);
    if (!old || old.isReplaced) throw new Refusal("CHANGED_MEANWHILE");
    const issued = await writeNewKey(ctx, sql, { ...command, name: old.name });
    const oldKeyExpiresAt = await replaceKey(sql, keyId, issued.keyId, overlapHours);
    if (!oldKeyExpiresAt) throw new Refusal("CHANGED_MEANWHILE");
    return {
      result: { ...issued, oldKeyExpiresAt },
      audit: {
        action: "mall.key_rotated",
        detail: {
          keyName: old.name,
          before: { keyId, key: `${old.prefix}_…${old.lastFour}` },
          after: { keyId: issued.keyId, key: shownKey(issued.secretKey) },
          overlapHours,
          oldKeyExpiresAt,
        },
      },
    };
  });
}
