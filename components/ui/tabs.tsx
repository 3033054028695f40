"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";

const strip = "flex shrink-0 gap-1 overflow-x-auto border-line border-b [scrollbar-width:none]";
const tab =
  "flex shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 py-1.5 text-ink-2 no-underline first:-ml-2 hover:text-ink focus-visible:-outline-offset-2 max-wide:min-h-10";

function Count({ count, hot }: { count: number | undefined; hot: boolean | undefined }) {
  if (count === undefined) return null;
  return (
    <span className={classes("font-medium text-meta", hot ? "font-semibold text-unk" : "text-ink-3")}>
      {count.toLocaleString("en-US")}
    </span>
  );
}

export type Tab = Readonly<{ id: string; label: string; count?: number | undefined; hot?: boolean }>;

/** Tabs within a page. The value belongs to the caller, which keeps it in the URL. */
export function Tabs({
  label,
  tabs,
  value,
  onChange,
  bleed = false,
  children,
}: {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onChange: (id: string) => void;
  /** Draws the rule from edge to edge of the page, where a table does the same below it. */
  bleed?: boolean;
  /** `TabPanel`s, one per tab. */
  children: ReactNode;
}) {
  return (
    <Radix.Root value={value} onValueChange={onChange}>
      <Radix.List
        aria-label={label}
        className={classes(strip, bleed && "-mx-6 px-6 max-wide:-mx-4 max-wide:px-4")}
      >
        {tabs.map(({ id, label: name, count, hot }) => (
          <Radix.Trigger
            key={id}
            value={id}
            // Radix gives the focus by script, which a browser takes for the keyboard's: a press would draw a box.
            onMouseDown={({ currentTarget }) => currentTarget.setAttribute("data-pressed", "")}
            onKeyDown={({ currentTarget }) => currentTarget.removeAttribute("data-pressed")}
            onBlur={({ currentTarget }) => currentTarget.removeAttribute("data-pressed")}
            className={classes(
              tab,
              "data-pressed:outline-none",
              "data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink",
            )}
          >
            {name}
            <Count count={count} hot={hot} />
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Radix.Content value={id} className="outline-none">
      {children}
    </Radix.Content>
  );
}
