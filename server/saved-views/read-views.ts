import type { Context } from "#server/platform/context.ts";
import { type ViewContent, viewContentSchema } from "#server/saved-views/saved-view.schemas.ts";
import {
  findPreference,
  loadOwnerNames,
  loadVisibleViews,
  type StoredView,
} from "#server/saved-views/saved-view-repository.ts";

export type SavedView = Readonly<{
  id: string;
  name: string;
  isShared: boolean;
  isOwn: boolean;
  ownerName: string;
  /** Null when what was saved means nothing any more: it cannot be opened, only saved anew or deleted. */
  content: ViewContent | null;
}>;

export type ViewsOfList = Readonly<{
  views: readonly SavedView[];
  defaultViewId: string | null;
  /** The columns that the person chose outside of any view. */
  columns: readonly string[] | null;
}>;

/** The views of a list that a person may open, shared ones first, and how they like the list. */
export async function readViews(
  ctx: Pick<Context, "db">,
  { operatorId, listName }: { operatorId: string; listName: string },
): Promise<ViewsOfList> {
  const [stored, preference] = await Promise.all([
    loadVisibleViews(ctx.db, operatorId, listName),
    findPreference(ctx.db, operatorId, listName),
  ]);
  const names = await loadOwnerNames(
    ctx.db,
    stored.map((view) => view.operatorId),
  );
  const columns = viewContentSchema.shape.columns.safeParse(preference?.columns ?? null);
  return {
    views: stored.map((view) => ({
      id: view.id,
      name: view.name,
      isShared: view.isShared,
      isOwn: view.operatorId === operatorId,
      ownerName: names.get(view.operatorId) ?? "",
      content: contentOf(view),
    })),
    // One that was deleted, or is not shared any more, is nobody's default.
    defaultViewId: stored.find((view) => view.id === preference?.defaultViewId)?.id ?? null,
    columns: columns.success ? columns.data : null,
  };
}

/** What a view holds, as it travels, or null when it cannot be read. */
function contentOf({ filter, sort, columns }: StoredView): ViewContent | null {
  const content = { filter, sort, columns: columns ?? null };
  return viewContentSchema.safeParse(content).success ? (content as ViewContent) : null;
}

/** The view with which a person's list opens, or null. */
export async function readDefaultView(
  ctx: Pick<Context, "db">,
  list: { operatorId: string; listName: string },
): Promise<SavedView | null> {
  const preference = await findPreference(ctx.db, list.operatorId, list.listName);
  if (!preference?.defaultViewId) return null;
  const { views, defaultViewId } = await readViews(ctx, list);
  return views.find((view) => view.id === defaultViewId) ?? null;
}
