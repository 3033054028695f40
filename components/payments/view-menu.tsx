"use client";

import { Ellipsis } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { addressOf, type Views } from "#components/payments/use-views.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import type { MenuEntry } from "#components/ui/menu-entry.ts";
import { useToast } from "#components/ui/toast.tsx";
import type { SavedView } from "#server/saved-views/read-views.ts";

/** What can be done with a view. A shared one is changed by its owner or by who manages views. */
export function ViewMenu({
  view,
  views,
  onRename,
  onClosed,
}: {
  view: SavedView;
  views: Views;
  onRename: () => void;
  /** The view is not there any more. */
  onClosed: () => void;
}) {
  const { paymentList } = useTexts();
  const words = paymentList.views;
  const toast = useToast();
  const mayShare = useMay("view:share");
  const mayManage = useMay("view:manage");
  const mayChange = view.isOwn || mayManage;
  const isDefault = views.defaultViewId === view.id;
  const { id, name } = view;
  const remove = () =>
    views.remove.mutate(
      { id },
      {
        onSuccess: () => {
          onClosed();
          toast(
            <span className="flex items-center gap-2">
              {words.deleted(name)}
              <Button
                size="small"
                onClick={() => views.restore.mutate({ id }, { onSuccess: () => toast(words.restored(name)) })}
              >
                {words.undo}
              </Button>
            </span>,
          );
        },
      },
    );
  const entries: MenuEntry[] = [];
  if (view.content)
    entries.push(
      {
        label: isDefault ? words.unmakeDefault : words.makeDefault,
        onSelect: () => views.chooseDefault.mutate({ listName: "payments", id: isDefault ? null : id }),
      },
      {
        label: words.copyLink,
        onSelect: () => {
          const query = addressOf(view);
          void navigator.clipboard
            .writeText(`${window.location.origin}/payments${query ? `${query}&` : "?"}view=${id}`)
            .then(() => toast(words.linkCopied));
        },
      },
    );
  if (mayChange) {
    entries.push(
      view.content
        ? { label: words.rename, onSelect: onRename }
        : { label: words.overwrite, onSelect: () => views.change.mutate({ id, content: views.content }) },
    );
    if (view.isShared || mayShare)
      entries.push({
        label: view.isShared ? words.unshare : words.share,
        onSelect: () => views.change.mutate({ id, isShared: !view.isShared }),
      });
    entries.push("separator", { label: words.delete, onSelect: remove });
  }
  return (
    <Menu
      label={words.menu(name)}
      align="start"
      className={buttonClasses("ghost", "iconSmall")}
      entries={entries}
    >
      <Ellipsis aria-hidden className="size-4" strokeWidth={1.5} />
    </Menu>
  );
}
