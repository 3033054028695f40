"use client";

import { Plus, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Popover } from "#components/ui/popover.tsx";

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
  keyShortcut,
  children,
}: {
  name: string;
  value?: string | undefined;
  onClear?: () => void;
  /** The key that presses it, which its page listens to. */
  keyShortcut?: string | undefined;
  children: (close: () => void) => ReactNode;
}) {
  const { common } = useTexts();
  const [open, setOpen] = useState(false);
  const chip = useRef<HTMLSpanElement>(null);
  const isSet = value !== undefined;
  return (
    <span
      ref={chip}
      data-page-actions={isSet ? undefined : ""}
      className={classes(
        "inline-flex h-8 shrink-0 items-center rounded-control border bg-surface max-wide:h-10",
        isSet ? "border-line-2" : "border-line-strong border-dashed text-ink-2",
      )}
    >
      <Popover
        label={name}
        open={open}
        onOpenChange={setOpen}
        anchor={chip}
        className="min-w-60 max-w-[min(360px,calc(100vw-32px))]"
        trigger={(props) => (
          <button
            type="button"
            {...props}
            aria-keyshortcuts={keyShortcut}
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
          </button>
        )}
      >
        {open ? children(() => setOpen(false)) : null}
      </Popover>
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
  );
}
