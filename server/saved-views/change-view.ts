import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { ownViewsMax, sharedViewsMax, type ViewContent } from "#server/saved-views/saved-view.schemas.ts";
import {
  countOwnViews,
  countSharedViews,
  findView,
  isNameTaken,
  lockViews,
  type StoredView,
  updateView,
} from "#server/saved-views/saved-view-repository.ts";

type Person = Readonly<{ actor: Actor; mayShare: boolean; mayManage: boolean }>;
type Ctx = Pick<Context, "db" | "now">;
type Tx = Parameters<typeof lockViews>[0];

/**
 * Changes the name, the content or the sharing of a view. Its owner may, and who manages views may for shared ones.
 * Throws `NOT_FOUND` when the person does not see such a view, `FORBIDDEN_SCOPE`, `VIEW_NAME_TAKEN`, `VIEW_LIMIT_REACHED`.
 */
export async function changeView(
  ctx: Ctx,
  person: Person,
  change: {
    id: string;
    name?: string | undefined;
    isShared?: boolean | undefined;
    content?: ViewContent | undefined;
  },
): Promise<void> {
  const { id, ...wanted } = change;
  await ctx.db.$transaction(async (tx) => {
    const view = await lockOwnedView(tx, person, id);
    if (!view || view.deletedAt) throw new Refusal("NOT_FOUND");
    if (wanted.isShared && !view.isShared) await checkSharing(tx, person, view);
    if (wanted.name !== undefined && (await isNameTaken(tx, { ...view, name: wanted.name })))
      throw new Refusal("VIEW_NAME_TAKEN");
    await updateView(tx, id, { ...wanted, at: ctx.now() });
    await audit(tx, person, view, "saved_view.changed", {
      ...(wanted.name !== undefined && { name: wanted.name }),
      ...(wanted.isShared !== undefined && { isShared: wanted.isShared }),
      content: wanted.content !== undefined,
    });
  });
}

/** Deletes a view, as who may change it. For a day `restoreView` brings it back. Throws `NOT_FOUND` and `FORBIDDEN_SCOPE`. */
export async function deleteView(ctx: Ctx, person: Person, id: string): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const view = await lockOwnedView(tx, person, id);
    if (!view || view.deletedAt) throw new Refusal("NOT_FOUND");
    await updateView(tx, id, { deletedAt: ctx.now(), at: ctx.now() });
    await audit(tx, person, view, "saved_view.deleted", {});
  });
}

/** Brings a deleted view back. Throws as `changeView`: meanwhile its name may be taken, or the room for it. */
export async function restoreView(ctx: Ctx, person: Person, id: string): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const view = await lockOwnedView(tx, person, id);
    if (!view?.deletedAt) throw new Refusal("NOT_FOUND");
    if ((await countOwnViews(tx, view.operatorId, view.listName)) >= ownViewsMax)
      throw new Refusal("VIEW_LIMIT_REACHED", { limit: ownViewsMax });
    if (view.isShared) await checkSharing(tx, person, view);
    if (await isNameTaken(tx, view)) throw new Refusal("VIEW_NAME_TAKEN");
    await updateView(tx, id, { deletedAt: null, at: ctx.now() });
    await audit(tx, person, view, "saved_view.restored", {});
  });
}

/** The view, once nobody else changes the list's views, if the person may change it. Null when they cannot even see it. */
async function lockOwnedView(tx: Tx, person: Person, id: string): Promise<StoredView | null> {
  const seen = await findView(tx, id);
  if (!seen) return null;
  await lockViews(tx, seen.listName);
  const view = await findView(tx, id);
  if (!view || (view.operatorId !== person.actor.id && !view.isShared)) return null;
  if (view.operatorId !== person.actor.id && !person.mayManage) throw new Refusal("FORBIDDEN_SCOPE");
  return view;
}

async function checkSharing(tx: Tx, person: Person, view: StoredView): Promise<void> {
  if (!person.mayShare) throw new Refusal("FORBIDDEN_SCOPE");
  if ((await countSharedViews(tx, view.listName)) >= sharedViewsMax)
    throw new Refusal("VIEW_LIMIT_REACHED", { limit: sharedViewsMax });
}

async function audit(
  tx: Tx,
  { actor }: Person,
  view: StoredView,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordAudit(tx, {
    actor,
    action,
    target: { type: "saved_view", id: view.id },
    outcome: "success",
    ipAddress: actor.ipAddress,
    detail: { list: view.listName, name: view.name, isShared: view.isShared, ...detail },
  });
}
