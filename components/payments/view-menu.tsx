"use client";

import { Ellipsis } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { addressOf, type Views } from "#components/payments/use-views.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { menuItemClasses, menuPanelClasses } from "#components/ui/menu.ts";
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
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger aria-label={words.menu(name)} className={buttonClasses("ghost", "iconSmall")}>
        <Ellipsis aria-hidden className="size-4" strokeWidth={1.5} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={4} collisionPadding={8} className={menuPanelClasses}>
          {view.content ? (
            <>
              <DropdownMenu.Item
                className={menuItemClasses}
                onSelect={() =>
                  views.chooseDefault.mutate({ listName: "payments", id: isDefault ? null : id })
                }
              >
                {isDefault ? words.unmakeDefault : words.makeDefault}
              </DropdownMenu.Item>
              <DropdownMenu.Item
                className={menuItemClasses}
                onSelect={() => {
                  const query = addressOf(view);
                  void navigator.clipboard
                    .writeText(`${window.location.origin}/payments${query ? `${query}&` : "?"}view=${id}`)
                    .then(() => toast(words.linkCopied));
                }}
              >
                {words.copyLink}
              </DropdownMenu.Item>
            </>
          ) : null}
          {mayChange ? (
            <>
              {view.content ? (
                <DropdownMenu.Item className={menuItemClasses} onSelect={onRename}>
                  {words.rename}
                </DropdownMenu.Item>
              ) : (
                <DropdownMenu.Item
                  className={menuItemClasses}
                  onSelect={() => views.change.mutate({ id, content: views.content })}
                >
                  {words.overwrite}
                </DropdownMenu.Item>
              )}
              {view.isShared || mayShare ? (
                <DropdownMenu.Item
                  className={menuItemClasses}
                  onSelect={() => views.change.mutate({ id, isShared: !view.isShared })}
                >
                  {view.isShared ? words.unshare : words.share}
                </DropdownMenu.Item>
              ) : null}
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
              <DropdownMenu.Item className={menuItemClasses} onSelect={remove}>
                {words.delete}
              </DropdownMenu.Item>
            </>
          ) : null}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
