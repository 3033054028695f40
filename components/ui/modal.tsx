"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { IconButton } from "#components/ui/icon-button.tsx";

type ModalProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Read out when it opens; leave out when the title says enough. */
  description?: ReactNode;
  /** Buttons that stay in view: safe one left, decisive one right. */
  footer?: ReactNode;
  /** What receives focus first; without it the first field, or the panel itself. Never the red button. */
  initialFocus?: React.RefObject<HTMLElement | null>;
  /** While true, Esc and a click outside leave it open: money is on its way. */
  locked?: boolean;
  children: ReactNode;
};

function Modal({
  open,
  onOpenChange,
  title,
  description,
  footer,
  initialFocus,
  locked = false,
  children,
  shape,
}: ModalProps & { shape: string }) {
  const { common } = useTexts();
  const body = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);
  const keepOpen = (event: Event) => {
    if (locked) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next || !locked) && onOpenChange(next)}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          className={classes("fixed z-40 flex flex-col bg-surface text-ink shadow-float outline-none", shape)}
          {...(description === undefined && { "aria-describedby": undefined })}
          onEscapeKeyDown={keepOpen}
          onInteractOutside={keepOpen}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            opener.current = document.activeElement;
            const first = body.current?.querySelector<HTMLElement>(
              "input:not(:disabled), select:not(:disabled), textarea:not(:disabled)",
            );
            (initialFocus?.current ?? first ?? (event.currentTarget as HTMLElement)).focus();
          }}
          onCloseAutoFocus={(event) => {
            // Radix would lead to its own trigger, which sheets that come when they are asked for do not have.
            event.preventDefault();
            // Whoever pressed a key in the moment since is elsewhere.
            if (document.activeElement !== document.body) return;
            if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
            // What was done inside may have taken the button away; then the page is read on from its content, not from the top.
            else document.getElementById("main")?.focus({ preventScroll: true });
          }}
        >
          <div className="flex shrink-0 items-center gap-3 border-line border-b py-3 pr-3 pl-6 max-wide:pl-4">
            <Radix.Title className="min-w-0 flex-1 font-bold text-dialog">{title}</Radix.Title>
            <IconButton icon={X} label={common.close} disabled={locked} onClick={() => onOpenChange(false)} />
          </div>
          {description === undefined ? null : (
            <Radix.Description className="px-6 pt-3 text-ink-2 max-wide:px-4">
              {description}
            </Radix.Description>
          )}
          <div
            ref={(node) => {
              body.current = node;
              return node ? keepReachable(node) : undefined;
            }}
            className="flex min-h-0 flex-1 scroll-pb-6 flex-col gap-3 overflow-auto px-6 py-3.5 max-wide:px-4"
          >
            {children}
          </div>
          {footer ? (
            <div className="flex shrink-0 flex-wrap items-center gap-2 border-line border-t px-6 pt-3 pb-4 max-wide:px-4 max-wide:pb-3.5">
              {footer}
            </div>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Lets what can only be read be scrolled by keyboard as well (WCAG 2.1.1): a stop of its own while nothing in it is one. */
function keepReachable(node: HTMLElement): () => void {
  const look = () => {
    if (node.querySelector("a[href], button, input, select, textarea, [tabindex='0']"))
      node.removeAttribute("tabindex");
    else node.tabIndex = 0;
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(node, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** Acting on money: modal, right, 496 px (full screen below 760), so that the facts behind stay readable (design §9). */
export function Sheet(props: ModalProps) {
  return (
    <Modal {...props} shape="inset-y-0 right-0 h-dvh w-[496px] max-w-full animate-slide-in max-wide:w-full" />
  );
}

/** A peek from the side of the list, 480 px. */
export function Drawer(props: ModalProps) {
  return (
    <Modal {...props} shape="inset-y-0 right-0 h-dvh w-[480px] max-w-full animate-slide-in max-wide:w-full" />
  );
}
