"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";

/**
 * A list as a native table: hairlines, sticky header and totals. `caption` names it for screen readers. The wrapper
 * scrolls sideways, is focusable and carries the caption as its name. `fetching` dims old rows while new ones load.
 */
export function Table({
  caption,
  fetching = false,
  className,
  children,
  wrapperClassName,
  ...rest
}: ComponentProps<"table"> & { caption: string; fetching?: boolean; wrapperClassName?: string }) {
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={classes("relative min-h-0 overflow-auto focus-visible:-outline-offset-2", wrapperClassName)}
    >
      <table
        {...rest}
        aria-busy={fetching || undefined}
        className={classes("w-full border-separate border-spacing-0", className)}
      >
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

const edge = "px-2 first:pl-6 last:pr-6 max-wide:first:pl-4 max-wide:last:pr-4";

/** A column header. With `onSort` it is a button; `sort` says the present order. */
export function HeaderCell({
  numeric = false,
  sort,
  onSort,
  className,
  children,
  ...rest
}: ComponentProps<"th"> & {
  numeric?: boolean;
  sort?: "ascending" | "descending" | undefined;
  onSort?: () => void;
}) {
  const Arrow = sort === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={onSort ? (sort ?? "none") : undefined}
      {...rest}
      className={classes(
        "sticky top-0 z-10 h-8 whitespace-nowrap border-line border-b bg-surface font-medium text-ink-3 text-meta",
        numeric ? "text-right" : "text-left",
        sort && "font-semibold text-ink",
        edge,
        className,
      )}
    >
      {onSort ? (
        <button type="button" onClick={onSort} className="inline-flex h-6 items-center gap-1 hover:text-ink">
          {children}
          {sort ? <Arrow aria-hidden className="size-3.5" strokeWidth={1.75} /> : null}
        </button>
      ) : (
        children
      )}
    </th>
  );
}

/** Presses what opens the row, unless something else of it was meant: another control, or text to be copied. */
function openRow({ target, currentTarget }: MouseEvent<HTMLTableRowElement>): void {
  if ((target as Element).closest("a, button, input, label, select")) return;
  if (!window.getSelection()?.isCollapsed) return;
  currentTarget.querySelector<HTMLElement>("[data-opens-row]")?.click();
}

/**
 * A row; `selected` tints it, `cursor` marks where the keyboard is. With `opens` a click anywhere in it presses the link or
 * button that is marked `data-opens-row`.
 */
export function TableRow({
  selected = false,
  cursor = false,
  opens = false,
  className,
  ...rest
}: ComponentProps<"tr"> & { selected?: boolean; cursor?: boolean; opens?: boolean }) {
  return (
    <tr
      aria-selected={selected || undefined}
      {...(opens && { onClick: openRow })}
      {...rest}
      className={classes(
        "group hover:bg-hover",
        opens && "cursor-pointer",
        selected && "bg-selected hover:bg-selected",
        cursor && "[&>td:first-child]:shadow-[inset_3px_0_0_var(--focus)]",
        className,
      )}
    />
  );
}

/** A cell. `numeric` aligns right; `describing` is the one column that may be cut off (full text in its title); `tall` is for rows of two lines. */
export function Cell({
  numeric = false,
  describing = false,
  tall = false,
  className,
  ...rest
}: ComponentProps<"td"> & { numeric?: boolean; describing?: boolean; tall?: boolean }) {
  return (
    <td
      {...rest}
      className={classes(
        "whitespace-nowrap border-line border-b",
        tall ? "h-12" : "h-(--row)",
        numeric && "text-right",
        describing && "w-full max-w-0 overflow-hidden text-ellipsis",
        edge,
        className,
      )}
    />
  );
}

/** The totals of the whole filter, kept in view below the rows. Its cells are `TotalsCell`. */
export function TotalsRow({ children }: { children: ReactNode }) {
  return (
    <tfoot>
      <tr>{children}</tr>
    </tfoot>
  );
}

export function TotalsCell({
  numeric = false,
  className,
  ...rest
}: ComponentProps<"td"> & { numeric?: boolean }) {
  return (
    <td
      {...rest}
      className={classes(
        "sticky bottom-0 z-10 h-9 whitespace-nowrap border-line-2 border-t bg-sunken font-semibold",
        numeric && "text-right",
        edge,
        className,
      )}
    />
  );
}

/** The 24 px target of a row's checkbox. */
export function RowCheckbox({
  label,
  indeterminate = false,
  ...rest
}: Omit<ComponentProps<"input">, "type"> & { label: string; indeterminate?: boolean }) {
  return (
    <label className="inline-grid size-6 place-items-center align-middle max-wide:size-10">
      <input
        type="checkbox"
        aria-label={label}
        {...rest}
        ref={(box) => {
          if (box) box.indeterminate = indeterminate;
        }}
      />
    </label>
  );
}
