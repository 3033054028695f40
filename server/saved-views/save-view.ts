import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { ownViewsMax, sharedViewsMax, type ViewContent } from "#server/saved-views/saved-view.schemas.ts";
import {
  countOwnViews,
  countSharedViews,
  insertView,
  isNameTaken,
  lockViews,
  removeDeletedViews,
} from "#server/saved-views/saved-view-repository.ts";

const keptAfterDeletingMs = 86_400_000;

/**
 * Saves a list as it is set up, for its owner or for everybody, and returns the view's id. Throws `FORBIDDEN_SCOPE` when
 * the person may not share, `VIEW_NAME_TAKEN`, and `VIEW_LIMIT_REACHED` at the most that one person, or all together, keep.
 */
export async function saveView(
  ctx: Pick<Context, "db" | "ids" | "now">,
  view: {
    listName: string;
    name: string;
    isShared: boolean;
    content: ViewContent;
    actor: Actor;
    mayShare: boolean;
  },
): Promise<string> {
  const { listName, name, isShared, content, actor, mayShare } = view;
  if (isShared && !mayShare) throw new Refusal("FORBIDDEN_SCOPE");
  const id = ctx.ids.newId("savedView");
  const at = ctx.now();
  await ctx.db.$transaction(async (tx) => {
    await lockViews(tx, listName);
    await removeDeletedViews(tx, actor.id, new Date(at.getTime() - keptAfterDeletingMs));
    if ((await countOwnViews(tx, actor.id, listName)) >= ownViewsMax)
      throw new Refusal("VIEW_LIMIT_REACHED", { limit: ownViewsMax });
    if (isShared && (await countSharedViews(tx, listName)) >= sharedViewsMax)
      throw new Refusal("VIEW_LIMIT_REACHED", { limit: sharedViewsMax });
    if (await isNameTaken(tx, { id, operatorId: actor.id, listName, name }))
      throw new Refusal("VIEW_NAME_TAKEN");
    await insertView(tx, { id, operatorId: actor.id, listName, name, isShared, content, at });
    await recordAudit(tx, {
      actor,
      action: "saved_view.saved",
      target: { type: "saved_view", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { list: listName, name, isShared },
    });
  });
  return id;
}
