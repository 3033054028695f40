import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { readViews } from "#server/saved-views/read-views.ts";
import { keepPreference } from "#server/saved-views/saved-view-repository.ts";

type List = Readonly<{ operatorId: string; listName: string }>;

/**
 * Opens a list with that view when its address asks for nothing; with null as it is. A person's own taste, so it is not
 * audited. Throws `NOT_FOUND` for a view that the person does not see, `INVALID_REQUEST` for one that cannot be read.
 */
export async function chooseDefaultView(
  ctx: Pick<Context, "db">,
  list: List,
  id: string | null,
): Promise<void> {
  if (id !== null) {
    const view = (await readViews(ctx, list)).views.find((known) => known.id === id);
    if (!view) throw new Refusal("NOT_FOUND");
    if (!view.content) throw new Refusal("INVALID_REQUEST", { field: "view" });
  }
  await keepPreference(ctx.db, list.operatorId, list.listName, { defaultViewId: id });
}

/** Keeps the columns that a person wants to see outside of views; null for the list's own. Not audited: it is their taste. */
export async function chooseColumns(
  ctx: Pick<Context, "db">,
  list: List,
  columns: readonly string[] | null,
): Promise<void> {
  await keepPreference(ctx.db, list.operatorId, list.listName, { columns });
}
