import type { ChangeExecution } from "#server/change-requests/carry-out-change.ts";
import { Refusal } from "#server/core/refusals.ts";

/**
 * An approved key waits for its maker, who alone may see it (`claimApprovedKey`), and lapses with `CHANGE_REQUEST_EXPIRED`
 * a day after the approval. The end of a key is never asked for: one person does that at once (`revokeApiKey`).
 */
export const keyChange: ChangeExecution<"KEY_CHANGE"> = {
  idKind: "execution",
  isClaimed: true,
  executeWithin: async () => {
    throw new Refusal("CHANGE_REQUEST_EXPIRED");
  },
};
