"use client";

import { CircleCheck, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ExportButton } from "#components/exports/export-button.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { useListKeys } from "#components/payments/use-list-keys.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import type { ItemAct } from "#components/reconciliation/item-drawer.tsx";
import { ItemCards, type ItemListProps, ItemTable } from "#components/reconciliation/item-list.tsx";
import { isAcceptable, riskOf } from "#components/reconciliation/item-words.ts";
import {
  emptyItems,
  type ItemView,
  isFiltered,
  itemsAddress,
} from "#components/reconciliation/reconciliation-url.ts";
import { useOwning } from "#components/reconciliation/use-owning.ts";
import { useWorklist } from "#components/reconciliation/use-worklist.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { ResultLine, SelectionBar } from "#components/ui/result-line.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

const ItemDrawer = dynamic(
  () => import("#components/reconciliation/item-drawer.tsx").then((module) => module.ItemDrawer),
  { ssr: false },
);
const NoteSheet = dynamic(
  () => import("#components/reconciliation/note-sheet.tsx").then((module) => module.NoteSheet),
  { ssr: false },
);
const AcceptSheet = dynamic(
  () => import("#components/reconciliation/accept-sheet.tsx").then((module) => module.AcceptSheet),
  { ssr: false },
);
const AdjustItemSheet = dynamic(
  () => import("#components/reconciliation/adjust-item-sheet.tsx").then((module) => module.AdjustItemSheet),
  { ssr: false },
);
const CancelItemSheet = dynamic(
  () => import("#components/reconciliation/cancel-item-sheet.tsx").then((module) => module.CancelItemSheet),
  { ssr: false },
);

const minuteMs = 60_000;
/** How many may be worked on together; each is asked for by itself. */
const selectedMax = 50;

/**
 * The differences that a view shows, with everything that is done about them: taken, noted and accepted one by one or
 * several together, and what moves money asked for one by one. `shown` is the view with what the page itself stands for.
 */
export function Worklist({
  view,
  shown = view,
  change,
  isOfOneDay = false,
}: {
  view: ItemView;
  shown?: ItemView;
  change: (next: Partial<ItemView>) => void;
  isOfOneDay?: boolean;
}) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.items;
  const language = useLanguage();
  const narrow = useNarrow();
  const now = useNow(minuteMs);
  const mayManage = useMay("reconciliation:manage");
  const { search, sum, list, rows } = useWorklist(shown);
  const owning = useOwning();
  const [cursorId, setCursorId] = useState<string | null>(null);
  // What a sheet is about stays, whatever is selected or read again behind it.
  const [acting, setActing] = useState<Readonly<{ act: ItemAct; items: readonly ReconItemRow[] }> | null>(
    null,
  );
  const selection = useSelection(itemsAddress.write({ ...shown, item: null }));
  const selectable = mayManage ? rows.filter((row) => !row.isDayClosed) : [];
  const selected = selectable.filter(({ id }) => selection.ids.has(String(id)));
  const acceptable = selected.filter(isAcceptable);
  const isTooMany = selected.length > selectedMax;

  const toggle = (id: string, range: boolean) => {
    const order = selectable.map((row) => String(row.id));
    const from = range && cursorId ? order.indexOf(cursorId) : -1;
    const to = order.indexOf(id);
    if (to < 0) return;
    const touched = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
    const isOff = selection.ids.has(id);
    setCursorId(id);
    selection.replace(
      isOff
        ? [...selection.ids].filter((one) => !touched.includes(one))
        : [...new Set([...selection.ids, ...touched])],
    );
  };
  const open = (id: string) => {
    setCursorId(id);
    change({ item: id });
  };
  const index = rows.findIndex(({ id }) => String(id) === cursorId);
  const present = rows[index];
  const openPresent = () => present && open(String(present.id));
  useListKeys({
    move: (step) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index < 0 ? 0 : index + step))];
      if (!next) return;
      setCursorId(String(next.id));
      document.querySelector(`[data-row="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
    },
    open: openPresent,
    peek: openPresent,
    select: (range) => present && toggle(String(present.id), range),
    escape: () => selection.replace([]),
  });

  const props: ItemListProps = {
    rows,
    count: sum?.count ?? rows.length,
    fetching: list.isPlaceholderData,
    now,
    isOfOneDay,
    selecting: mayManage
      ? {
          selected: new Set(selected.map(({ id }) => String(id))),
          selectable: new Set(selectable.map(({ id }) => String(id))),
          onToggle: toggle,
          onToggleAll: () =>
            selection.replace(
              selected.length > 0 ? [] : selectable.slice(0, selectedMax).map(({ id }) => String(id)),
            ),
        }
      : undefined,
    cursorId,
    onOpen: open,
    more: list.hasNextPage ? (
      <LoadMore
        loading={list.isFetchingNextPage}
        failed={list.isFetchNextPageError}
        onLoad={() => void list.fetchNextPage()}
      />
    ) : null,
  };
  const act = (name: ItemAct, items: readonly ReconItemRow[]) => setActing({ act: name, items });
  const close = () => setActing(null);
  const [one] = acting?.items ?? [];
  return (
    <>
      {selected.length > 0 ? (
        <SelectionBar
          onClear={() => selection.replace([])}
          actions={
            <>
              <Button
                size="small"
                busy={owning.isBusy}
                disabled={isTooMany}
                onClick={() => owning.take(selected)}
              >
                {words.takeSelected(selected.length)}
              </Button>
              <Button size="small" disabled={isTooMany} onClick={() => act("note", selected)}>
                {words.noteSelected}
              </Button>
              {acceptable.length > 0 ? (
                <Button
                  size="small"
                  look="primary"
                  disabled={isTooMany}
                  onClick={() => act("accept", acceptable)}
                >
                  {words.acceptSelected(acceptable.length)}
                </Button>
              ) : null}
            </>
          }
        >
          <b className="font-semibold tabular-nums">
            {words.selected(selected.length, formatMoney(riskOf(selected), language))}
          </b>
        </SelectionBar>
      ) : (
        <ResultLine
          actions={
            rows.length === 0 ? undefined : (
              <>
                {narrow ? null : (
                  <span className="text-ink-3 text-meta">
                    <Kbd>j</Kbd> <Kbd>k</Kbd> <Kbd>Space</Kbd>
                    {mayManage ? (
                      <>
                        {" "}
                        <Kbd>x</Kbd>
                      </>
                    ) : null}
                  </span>
                )}
                <ExportButton
                  size="small"
                  sources={[{ kind: "RECONCILIATION", filter: search }]}
                  seenCount={sum?.count}
                />
              </>
            )
          }
        >
          {sum && sum.count > 0 ? (
            <span className="tabular-nums">
              {common.resultCount(sum.count)} · {reconciliation.money(formatMoney(sum.riskMinor, language))} ·{" "}
              {words.sorted}
            </span>
          ) : null}
        </ResultLine>
      )}
      {owning.error && shown.item === null ? (
        <div className="px-6 py-2 max-wide:px-4">
          <QueryError compact error={owning.error} title={reconciliation.item.assignFailed} />
        </div>
      ) : null}
      {list.isError && rows.length === 0 ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={words.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full" aria-label={words.title}>
          <tbody>
            <SkeletonRows rows={6} columns={narrow ? 2 : 8} tall />
          </tbody>
        </table>
      ) : rows.length === 0 ? (
        isFiltered(view) ? (
          <EmptyState
            icon={SearchX}
            title={words.empty}
            action={<Button onClick={() => change(emptyItems)}>{common.clearAll}</Button>}
          >
            {words.emptyBody}
          </EmptyState>
        ) : (
          <EmptyState icon={CircleCheck} title={words.good}>
            {words.goodBody}
          </EmptyState>
        )
      ) : narrow ? (
        <ItemCards {...props} />
      ) : (
        <ItemTable {...props} />
      )}
      <ItemDrawer
        id={acting === null ? view.item : null}
        owning={owning}
        onAct={(name, item) => act(name, [item])}
        onClose={() => change({ item: null })}
      />
      {acting?.act === "note" ? <NoteSheet items={acting.items} onClose={close} /> : null}
      {acting?.act === "accept" ? <AcceptSheet items={acting.items} onClose={close} /> : null}
      {acting?.act === "adjust" && one ? <AdjustItemSheet item={one} onClose={close} /> : null}
      {acting?.act === "cancel" && one ? <CancelItemSheet item={one} onClose={close} /> : null}
    </>
  );
}

/** The ids that are selected. They end with the filter: what is not on the screen any more is not acted on by mistake. */
function useSelection(filterKey: string) {
  const [kept, setKept] = useState<{ of: string; ids: ReadonlySet<string> }>({ of: "", ids: new Set() });
  const ids = kept.of === filterKey ? kept.ids : new Set<string>();
  return { ids, replace: (next: Iterable<string>) => setKept({ of: filterKey, ids: new Set(next) }) };
}
