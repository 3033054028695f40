"use client";

import { Popover as Radix } from "radix-ui";
import { type ReactNode, type RefObject, Suspense, useRef } from "react";
import { classes } from "#components/ui/classes.ts";

/** The floating half of `Popover`, loaded when somebody is about to open it. */
export function PopoverPanel({
  label,
  align,
  open,
  onOpenChange,
  trigger,
  anchor,
  focusPanel,
  className,
  children,
}: {
  label: string;
  align: "start" | "end";
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: RefObject<HTMLElement | null>;
  anchor: RefObject<HTMLElement | null>;
  focusPanel: boolean;
  className: string;
  children: ReactNode;
}) {
  const leftByPointer = useRef(false);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={16}
          aria-label={label}
          className={classes(
            "z-30 animate-appear rounded-panel border border-line-2 bg-surface p-3 shadow-float outline-none",
            className,
          )}
          onOpenAutoFocus={(event) => {
            leftByPointer.current = false;
            if (!focusPanel) return;
            event.preventDefault();
            (event.currentTarget as HTMLElement | null)?.focus();
          }}
          onInteractOutside={(event) => {
            // The button closes by itself.
            if (trigger.current?.contains(event.target as Node)) event.preventDefault();
            else leftByPointer.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Whoever went elsewhere stays there, by pointer or by a key in the moment since.
            if (!leftByPointer.current && document.activeElement === document.body) trigger.current?.focus();
          }}
        >
          {/* What is still loading inside must not blank the page around it. */}
          <Suspense fallback={null}>{children}</Suspense>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
