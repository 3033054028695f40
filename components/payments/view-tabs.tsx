"use client";

import { Plus, Star, Users } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { defaultSort, type ListState } from "#components/payments/payment-filter-url.ts";
import type { Views } from "#components/payments/use-views.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import type { SavedView } from "#server/saved-views/read-views.ts";

// What one opens only now and then is loaded only then.
const ViewMenu = dynamic(() => import("#components/payments/view-menu.tsx").then((file) => file.ViewMenu), {
  ssr: false,
  loading: () => <span className="size-6" />,
});
const ViewNameSheet = dynamic(
  () => import("#components/payments/view-name-sheet.tsx").then((file) => file.ViewNameSheet),
  { ssr: false },
);

const tab =
  "flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 text-ink-2 hover:text-ink focus-visible:-outline-offset-2 max-wide:h-10";

/** The saved views above the filters: everything, shared ones, one's own, and what can be done with the open one. */
export function ViewTabs({
  views,
  state,
  onOpen,
}: {
  views: Views;
  state: ListState;
  onOpen: (next: ListState) => void;
}) {
  const { paymentList } = useTexts();
  const words = paymentList.views;
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const [broken, setBroken] = useState<SavedView | null>(null);
  const open = (view: SavedView) => {
    setBroken(view.content ? null : view);
    if (!view.content) return;
    views.revertColumns();
    onOpen({ filter: view.content.filter, sort: view.content.sort, view: view.id });
  };
  const { open: current } = views;
  const error =
    views.change.error ??
    views.remove.error ??
    views.restore.error ??
    views.chooseDefault.error ??
    views.columnsError;
  return (
    <div className="shrink-0 print:hidden">
      <nav
        aria-label={words.label}
        className="flex min-h-9 items-stretch gap-1 overflow-x-auto border-line border-b px-4 [scrollbar-width:none] max-wide:px-2"
      >
        <button
          type="button"
          aria-current={current ? undefined : "true"}
          onClick={() => {
            setBroken(null);
            onOpen({ filter: {}, sort: defaultSort, view: "all" });
          }}
          className={classes(tab, !current && "border-accent font-semibold text-ink")}
        >
          {words.everything}
        </button>
        {views.views.map((view) => {
          const isOpen = view.id === current?.id;
          return (
            <span
              key={view.id}
              className={classes(
                "flex shrink-0 items-center border-transparent border-b-2",
                isOpen && "border-accent",
              )}
            >
              <button
                type="button"
                aria-current={isOpen ? "true" : undefined}
                onClick={() => open(view)}
                title={view.isShared && !view.isOwn ? words.sharedBy(view.ownerName) : undefined}
                className={classes(tab, "border-b-0", isOpen && "font-semibold text-ink")}
              >
                {view.name}
                {view.isShared ? (
                  <>
                    <Users aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.5} />
                    <span className="sr-only">{words.shared}</span>
                  </>
                ) : null}
                {view.id === views.defaultViewId ? (
                  <>
                    <Star aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.5} />
                    <span className="sr-only">{words.isDefault}</span>
                  </>
                ) : null}
              </button>
              {isOpen || view.id === broken?.id ? (
                <ViewMenu
                  view={view}
                  views={views}
                  onRename={() => setNaming("rename")}
                  onClosed={() => {
                    setBroken(null);
                    if (isOpen) onOpen({ ...state, view: "all" });
                  }}
                />
              ) : null}
            </span>
          );
        })}
        {current && views.isEdited ? (
          <span data-page-actions className="flex shrink-0 items-center gap-1 pl-2 text-ink-3">
            <span>{words.edited}</span>
            {mayChange(current, views) ? (
              <Button
                look="ghost"
                size="small"
                busy={views.change.isPending}
                onClick={() => views.change.mutate({ id: current.id, content: views.content })}
              >
                {words.update}
              </Button>
            ) : null}
            <Button look="ghost" size="small" onClick={() => open(current)}>
              {words.revert}
            </Button>
          </span>
        ) : null}
        <span data-page-actions className="flex shrink-0 items-center pl-1">
          <Button look="ghost" size="small" onClick={() => setNaming("new")}>
            <Plus aria-hidden className="size-3.5" strokeWidth={1.75} />
            {current ? words.saveAs : words.save}
          </Button>
        </span>
      </nav>
      {error && !naming ? (
        <div className="px-6 pt-2 max-wide:px-4">
          <QueryError
            compact
            error={error}
            title={error === views.columnsError ? paymentList.columns.failed : words.failed}
          />
        </div>
      ) : null}
      {broken ? (
        <div className="px-6 pt-2 max-wide:px-4">
          <ErrorBlock compact title={words.unreadable(broken.name)}>
            {words.unreadableHint}
          </ErrorBlock>
        </div>
      ) : views.isGone ? (
        <p role="status" className="px-6 pt-2 text-ink-2 max-wide:px-4">
          {words.gone}. {words.goneHint}
        </p>
      ) : null}
      {naming ? (
        <ViewNameSheet
          view={naming === "rename" ? (current ?? broken) : null}
          views={views}
          onSaved={(id) => {
            setNaming(null);
            setBroken(null);
            if (id) onOpen({ ...state, view: id });
          }}
          onClose={() => setNaming(null)}
        />
      ) : null}
    </div>
  );
}

function mayChange(view: SavedView, views: Views): boolean {
  return view.isOwn || (view.isShared && views.mayManage);
}
