"use client";

import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Kbd } from "#components/ui/kbd.tsx";

const line = "flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-6 py-1 max-wide:px-4";

/** Of a table beside facets: it begins and ends where the rows do. */
const besideFacetsLine = "px-4";

/** What the filter yielded, in words, with actions at the right. */
export function ResultLine({
  children,
  actions,
  besideFacets = false,
}: {
  children: ReactNode;
  actions?: ReactNode;
  besideFacets?: boolean;
}) {
  return (
    <div className={classes(line, "border-line border-b text-ink-2", besideFacets && besideFacetsLine)}>
      <div aria-live="polite" className="flex min-w-0 flex-wrap items-center gap-x-3">
        {children}
      </div>
      {actions ? (
        <div data-page-actions className="ml-auto flex items-center gap-2">
          {actions}
        </div>
      ) : null}
    </div>
  );
}

/** Replaces the result line at the same height while rows are selected. Esc (handled by the list) clears. */
export function SelectionBar({
  children,
  actions,
  onClear,
  besideFacets = false,
}: {
  children: ReactNode;
  actions?: ReactNode;
  onClear: () => void;
  besideFacets?: boolean;
}) {
  const { common } = useTexts();
  return (
    <div className={classes(line, "border-line border-b bg-selected", besideFacets && besideFacetsLine)}>
      <div aria-live="polite" className="flex min-w-0 flex-wrap items-center gap-x-3">
        {children}
      </div>
      <div data-page-actions className="ml-auto flex flex-wrap items-center gap-2">
        {actions}
        <Button look="ghost" size="small" onClick={onClear}>
          {common.deselect} <Kbd className="max-wide:hidden">Esc</Kbd>
        </Button>
      </div>
    </div>
  );
}
