"use client";

import { Plus, X } from "lucide-react";
import { Popover } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

const panel =
  "z-30 min-w-60 max-w-[min(360px,calc(100vw-32px))] animate-appear rounded-panel border border-line-2 bg-surface p-3 shadow-float outline-none";

/** The row of filters below the views; scrolls sideways where it does not fit. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <div className="flex shrink-0 items-center gap-2 overflow-x-auto px-6 py-2.5 [scrollbar-width:none] max-wide:px-4 wide:flex-wrap">
      {children}
    </div>
  );
}

/**
 * A filter. Without `value` it is dashed and opens its editor; with one its body edits and × clears: two named buttons.
 * `children` is the editor and gets `close`.
 */
export function FilterChip({
  name,
  value,
  onClear,
  children,
}: {
  name: string;
  value?: string | undefined;
  onClear?: () => void;
  children: (close: () => void) => ReactNode;
}) {
  const { common } = useTexts();
  const [open, setOpen] = useState(false);
  const isSet = value !== undefined;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <span
          className={classes(
            "inline-flex h-8 shrink-0 items-center rounded-control border bg-surface max-wide:h-10",
            isSet ? "border-line-2" : "border-line-strong border-dashed text-ink-2",
          )}
        >
          <Popover.Trigger
            className={classes(
              "flex h-full items-center gap-1.5 whitespace-nowrap rounded-control hover:bg-hover",
              isSet && onClear ? "pr-1 pl-2.5" : "px-2.5",
            )}
          >
            {isSet ? (
              <>
                <span className="text-ink-2">{name}</span>
                <span className="font-semibold">{value}</span>
                <span className="sr-only">{common.editFilter(name)}</span>
              </>
            ) : (
              <>
                <Plus aria-hidden className="size-3.5" strokeWidth={1.75} />
                {name}
              </>
            )}
          </Popover.Trigger>
          {isSet && onClear ? (
            <button
              type="button"
              aria-label={common.removeFilter(name)}
              onClick={onClear}
              className="mr-1 grid size-6 place-items-center rounded-[4px] text-link hover:bg-hover max-wide:size-9"
            >
              <X aria-hidden className="size-3.5" strokeWidth={1.75} />
            </button>
          ) : null}
        </span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={16}
          className={panel}
          aria-label={name}
        >
          {children(() => setOpen(false))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
