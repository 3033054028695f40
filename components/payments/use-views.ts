"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { columnsOf, type PaymentColumn } from "#components/payments/payment-columns.ts";
import { type ListState, writeListUrl } from "#components/payments/payment-filter-url.ts";
import type { SavedView } from "#server/saved-views/read-views.ts";

const listName = "payments" as const;

/** The saved views of the list, the one that is open, and which columns are shown: those of the view, else one's own. */
export function useViews(state: ListState) {
  const mayManage = useMay("view:manage");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.savedView.list.queryOptions({ listName }, { staleTime: 60_000 });
  const list = useQuery(options);
  const views = list.data?.views ?? [];
  const open = views.find((view) => view.id === state.view) ?? null;
  // Columns that were changed while a view is open belong to that view until it is saved.
  const [draft, setDraft] = useState<{ of: string; columns: readonly PaymentColumn[] } | null>(null);
  const chosen =
    open && draft?.of === open.id ? draft.columns : open?.content ? open.content.columns : list.data?.columns;
  const chosenKey = chosen?.join(",") ?? "";
  const columns = useMemo(() => columnsOf(chosenKey ? chosenKey.split(",") : null), [chosenKey]);
  const reload = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  const save = useMutation(trpc.savedView.save.mutationOptions({ onSuccess: reload }));
  const change = useMutation(
    trpc.savedView.change.mutationOptions({
      onSuccess: async (_, { content }) => {
        await reload();
        if (content) setDraft(null);
      },
    }),
  );
  const remove = useMutation(trpc.savedView.delete.mutationOptions({ onSuccess: reload }));
  const restore = useMutation(trpc.savedView.restore.mutationOptions({ onSuccess: reload }));
  const chooseDefault = useMutation(trpc.savedView.chooseDefault.mutationOptions({ onSuccess: reload }));
  const keepColumns = useMutation(
    // One after another: of several in flight together, an earlier one could be the last to be written.
    trpc.savedView.chooseColumns.mutationOptions({ scope: { id: "chooseColumns" }, onError: reload }),
  );

  const isEdited =
    open?.content != null &&
    (writeListUrl({ filter: state.filter, sort: state.sort }) !== addressOf(open) ||
      columnsOf(open.content.columns).join() !== columns.join());

  return {
    list,
    views,
    open,
    /** The address names a view that this person does not see. */
    isGone: list.isSuccess && state.view !== undefined && state.view !== "all" && !open,
    isEdited,
    columns,
    content: { filter: state.filter, sort: state.sort, columns: [...columns] },
    chooseColumns(next: readonly PaymentColumn[] | null) {
      if (open) {
        setDraft({ of: open.id, columns: columnsOf(next) });
        return;
      }
      const kept = next ? [...next] : null;
      queryClient.setQueryData(options.queryKey, (known) => known && { ...known, columns: kept });
      keepColumns.mutate({ listName, columns: kept });
    },
    revertColumns: () => setDraft(null),
    defaultViewId: list.data?.defaultViewId ?? null,
    save,
    change,
    remove,
    restore,
    chooseDefault,
    columnsError: keepColumns.error,
    mayManage,
  };
}

export type Views = ReturnType<typeof useViews>;

/** The address of what a view holds, without the view itself; empty when it cannot be read. */
export function addressOf({ content }: SavedView): string {
  return content ? writeListUrl({ filter: content.filter, sort: content.sort }) : "";
}
