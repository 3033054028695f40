import { claimChange } from "#server/change-requests/claim-change.ts";
import { forgetMallsOfKeys } from "#server/malls/find-mall-of-key.ts";
import { issueApiKey, shownKey } from "#server/malls/issue-api-key.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { type RotatedKey, rotateApiKey } from "#server/malls/rotate-api-key.ts";
import type { Context } from "#server/platform/context.ts";

/** The new key, said this once; when another goes on working beside it, until when. */
export type ClaimedKey = Pick<RotatedKey, "keyId" | "secretKey"> & Readonly<{ oldKeyExpiresAt: Date | null }>;

/**
 * Issues or replaces a key whose request was approved, for who asked, once and within a day of the approval. The secret
 * is made here and answered here: it is never kept, and an old key does not begin to end before somebody has the new one.
 * An answer that is lost is lost with its key; then the key is replaced by a new request. Throws as `claimChange`, and the
 * refusals of the change itself, after which the request still stands.
 */
export async function claimApprovedKey(
  ctx: Pick<Context, "sql" | "ids" | "keys" | "env">,
  { requestId, actor, traceId }: Readonly<{ requestId: string }> & Pick<MallCommand, "actor" | "traceId">,
): Promise<ClaimedKey> {
  const claim = { kind: "KEY_CHANGE", requestId, makerId: actor.id } as const;
  const claimed = await claimChange(ctx, claim, async (joined, { payload, checkerId }) => {
    const { mallId, change } = payload;
    const command = { mallId, actor, traceId, approval: { requestId, checkerId } };
    const key =
      change.action === "ISSUE"
        ? { ...(await issueApiKey(joined, { ...command, name: change.keyName })), oldKeyExpiresAt: null }
        : await rotateApiKey(joined, { ...command, keyId: change.keyId, overlapHours: change.overlapHours });
    return { result: { keyId: key.keyId, key: shownKey(key.secretKey) }, yields: key };
  });
  forgetMallsOfKeys(ctx.sql);
  return claimed;
}
