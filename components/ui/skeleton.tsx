"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

/** A grey bar in place of text to come; it appears after 150 ms, so that fast answers do not flicker. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={classes("block h-3 animate-late rounded-[4px] bg-sunken", className)} />
  );
}

const widths = ["w-3/4", "w-1/2", "w-2/3", "w-5/6", "w-3/5"] as const;

/**
 * Rows of the real height while a table loads; goes into a `tbody`. On a narrow screen only the first two columns show, by
 * style alone: the server does not know how wide it is, and what it sent would move.
 */
export function SkeletonRows({
  rows = 12,
  columns,
  tall = false,
}: {
  rows?: number;
  columns: number;
  tall?: boolean;
}) {
  const { common } = useTexts();
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: the cells are all alike and never move
          key={column}
          className={classes(
            "border-line border-b px-2 first:pl-6 last:pr-6",
            tall ? "h-12" : "h-(--row)",
            column > 1 && "max-wide:hidden",
          )}
        >
          {row === 0 && column === 0 ? <span className="sr-only">{common.loading}</span> : null}
          <Skeleton className={widths[(row + column) % widths.length] ?? "w-1/2"} />
        </td>
      ))}
    </tr>
  ));
}
