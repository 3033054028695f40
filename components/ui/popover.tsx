"use client";

import { type ReactNode, type RefObject, useRef } from "react";
import { usePart } from "#components/ui/use-part.ts";

const loadPanel = () => import("#components/ui/popover-panel.tsx").then((file) => file.PopoverPanel);

/** What the button of a popover must take on. */
export type PopoverTrigger = Readonly<{
  ref: RefObject<HTMLButtonElement | null>;
  "aria-haspopup": "dialog";
  "aria-expanded": boolean;
  onClick: () => void;
  onPointerEnter: () => void;
  onFocus: () => void;
}>;

/** A button and the panel it opens beside itself (or beside `anchor`). The panel's code comes when somebody is about to open it. */
export function Popover({
  label,
  align = "start",
  open,
  onOpenChange,
  anchor,
  focusPanel = false,
  className = "",
  trigger,
  children,
}: {
  /** Names the panel. */
  label: string;
  align?: "start" | "end";
  open: boolean;
  onOpenChange: (open: boolean) => void;
  anchor?: RefObject<HTMLElement | null>;
  /** Puts the focus on the panel instead of its first control. */
  focusPanel?: boolean;
  className?: string;
  trigger: (props: PopoverTrigger) => ReactNode;
  children: ReactNode;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const { part: Panel, prepare } = usePart(loadPanel, () => onOpenChange(false));
  return (
    <>
      {trigger({
        ref: button,
        "aria-haspopup": "dialog",
        "aria-expanded": open,
        onClick: () => {
          prepare();
          onOpenChange(!open);
        },
        onPointerEnter: prepare,
        onFocus: prepare,
      })}
      {Panel ? (
        <Panel
          label={label}
          align={align}
          open={open}
          onOpenChange={onOpenChange}
          trigger={button}
          anchor={anchor ?? button}
          focusPanel={focusPanel}
          className={className}
        >
          {children}
        </Panel>
      ) : null}
    </>
  );
}
