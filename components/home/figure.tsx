"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Four figures side by side, divided by hairlines that stand in line with those of another such row. */
export function FigureGrid({ children }: { children: ReactNode }) {
  return (
    <ul className="grid grid-cols-[1fr_1.2fr_1.2fr_1.1fr] gap-px overflow-hidden rounded-panel border border-line bg-line max-full:grid-cols-2 [&>li]:bg-surface">
      {children}
    </ul>
  );
}

/** Values longer than this are set one size smaller, so that they stay on one line. */
const longValue = 11;

/**
 * One figure that leads to the list which yields it. `value` is undefined until it is known; the place it takes is the
 * same. A unit that follows the number is set smaller; `remarks` are up to two lines below.
 */
export function Figure({
  label,
  href,
  value,
  remarks,
  loud = false,
}: {
  label: string;
  href: string | undefined;
  value: string | undefined;
  remarks: readonly (string | null)[];
  /** For what needs a person: the value in the colour of the unknown. */
  loud?: boolean;
}) {
  const [, number = value, unit = ""] = /^([\d,]+)(\D+)$/.exec(value ?? "") ?? [];
  const body = (
    <>
      <span className="block font-medium text-ink-2 text-meta">{label}</span>
      <span
        className={classes(
          "block h-9 whitespace-nowrap font-bold leading-9",
          (value?.length ?? 0) > longValue
            ? "text-title leading-9"
            : "text-hero max-wide:text-title max-wide:leading-9",
          loud ? "text-unk" : "text-ink",
        )}
      >
        {value === undefined ? (
          <Skeleton className="inline-block h-5 w-24" />
        ) : (
          <>
            {number}
            {unit ? <small className="font-semibold text-figure">{unit}</small> : null}
          </>
        )}
      </span>
      <span className="block min-h-8 text-ink-3 text-meta">
        {remarks.length === 1 ? (
          <span className="line-clamp-2 max-wide:line-clamp-none">{remarks[0]}</span>
        ) : (
          remarks.map((remark, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line keeps its place
            <span key={line} className="block min-h-4 truncate max-wide:whitespace-normal">
              {remark}
            </span>
          ))
        )}
      </span>
    </>
  );
  return (
    <li className="min-w-0">
      {href === undefined ? (
        <div className="px-4 py-3">{body}</div>
      ) : (
        <Link
          href={href}
          className="block h-full px-4 py-3 no-underline hover:bg-hover focus-visible:-outline-offset-2"
        >
          {body}
        </Link>
      )}
    </li>
  );
}
