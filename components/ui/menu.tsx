"use client";

import { type ReactNode, useId, useRef, useState } from "react";
import type { MenuChoice, MenuEntry } from "#components/ui/menu-entry.ts";
import { usePart } from "#components/ui/use-part.ts";

const loadPanel = () => import("#components/ui/menu-panel.tsx").then((file) => file.MenuPanel);

/** A button and the menu it opens. The menu's code comes when somebody is about to open it. */
export function Menu({
  label,
  align,
  className,
  head,
  entries = [],
  choice,
  children,
}: {
  /** Names the button and its menu. */
  label: string;
  align: "start" | "end";
  /** Of the button. */
  className: string;
  /** Above the entries; nothing to choose. */
  head?: ReactNode;
  entries?: readonly MenuEntry[];
  choice?: MenuChoice;
  /** What the button shows. */
  children: ReactNode;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { part: Panel, prepare } = usePart(loadPanel, () => setOpen(false));
  const show = () => {
    prepare();
    setOpen(true);
  };
  return (
    <span className="relative inline-flex min-w-0">
      <button
        ref={button}
        id={id}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => (open ? setOpen(false) : show())}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          show();
        }}
        onPointerEnter={prepare}
        onFocus={prepare}
        className={className}
      >
        {children}
      </button>
      {Panel ? (
        <Panel
          labelledBy={id}
          align={align}
          open={open}
          onOpenChange={setOpen}
          trigger={button}
          head={head}
          entries={entries}
          choice={choice}
        />
      ) : null}
    </span>
  );
}
