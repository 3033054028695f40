"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { NavigationCounts } from "#components/layout/navigation.ts";
import { Brand, SidebarLinks } from "#components/layout/sidebar.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

/** The sidebar where there is no room for one: over the page, from the left. */
export function NavigationDrawer({
  open,
  onOpenChange,
  counts,
  button,
  foot,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  counts: NavigationCounts;
  /** What opened it gets the focus back. */
  button: RefObject<HTMLElement | null>;
  foot: ReactNode;
}) {
  const { common, navigation } = useTexts();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).querySelector<HTMLElement>("nav a")?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Whoever pressed a key in the moment since is elsewhere.
            if (document.activeElement === document.body) button.current?.focus();
          }}
          className="fixed inset-y-0 left-0 z-40 flex w-72 max-w-[calc(100vw-48px)] animate-slide-in-left flex-col overflow-auto bg-bg px-2 py-2.5 shadow-float outline-none"
        >
          <div className="flex items-center justify-between">
            <Dialog.Title className="sr-only">{navigation.label}</Dialog.Title>
            <Brand />
            <IconButton icon={X} label={common.close} onClick={() => onOpenChange(false)} />
          </div>
          <nav aria-label={navigation.label} className="flex-1">
            <SidebarLinks counts={counts} onNavigate={() => onOpenChange(false)} />
          </nav>
          <div className="mt-4 flex items-center justify-between border-line border-t px-2 pt-3">{foot}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
