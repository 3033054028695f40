"use client";

import {
  cloneElement,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";

type Side = "top" | "right" | "bottom" | "left";
type TriggerProps = {
  "aria-describedby"?: string | undefined;
  onPointerEnter?: (event: PointerEvent<HTMLElement>) => void;
  onPointerLeave?: (event: PointerEvent<HTMLElement>) => void;
  onPointerDown?: (event: PointerEvent<HTMLElement>) => void;
  onFocus?: (event: FocusEvent<HTMLElement>) => void;
  onBlur?: (event: FocusEvent<HTMLElement>) => void;
};

const showAfterMs = 300;
/** Long enough to move onto the tooltip itself (WCAG 1.4.13). */
const hideAfterMs = 120;
/** Going on from one tooltip to the next shows it at once. */
const warmForMs = 300;
let lastHiddenMs = 0;

/**
 * Says more about its child on hover and focus; null is nothing to say. The child must be focusable or non-essential, and a single element that
 * takes event handlers. It stays while the pointer is on it; Esc, a press and scrolling hide it, and that Esc does nothing else.
 */
export function Tooltip({
  content,
  children,
  side = "top",
}: {
  content: ReactNode;
  children: ReactElement<TriggerProps>;
  side?: Side;
}) {
  const id = useId();
  const [wanted, setOpen] = useState(false);
  const open = wanted && content !== null;
  const trigger = useRef<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const hide = () => {
    clearTimeout(timer.current);
    setOpen(false);
    if (open) lastHiddenMs = Date.now();
  };
  const hideSoon = () => {
    clearTimeout(timer.current);
    if (open) timer.current = setTimeout(hide, hideAfterMs);
  };
  const show = (element: HTMLElement, afterMs: number) => {
    clearTimeout(timer.current);
    trigger.current = element;
    timer.current = setTimeout(() => setOpen(true), afterMs);
  };

  const { props } = children;
  return (
    <>
      {cloneElement(children, {
        ...(open && { "aria-describedby": [props["aria-describedby"], id].filter(Boolean).join(" ") }),
        onPointerEnter: (event) => {
          props.onPointerEnter?.(event);
          // A finger presses; it does not hover.
          if (event.pointerType === "touch") return;
          show(event.currentTarget, Date.now() - lastHiddenMs < warmForMs ? 0 : showAfterMs);
        },
        onPointerLeave: (event) => {
          props.onPointerLeave?.(event);
          hideSoon();
        },
        onPointerDown: (event) => {
          props.onPointerDown?.(event);
          hide();
        },
        onFocus: (event) => {
          props.onFocus?.(event);
          if (event.target.matches(":focus-visible")) show(event.currentTarget, 0);
        },
        onBlur: (event) => {
          props.onBlur?.(event);
          hide();
        },
      })}
      {open ? (
        <Bubble
          id={id}
          trigger={trigger}
          side={side}
          onStay={() => clearTimeout(timer.current)}
          onLeave={hideSoon}
          onHide={hide}
        >
          {content}
        </Bubble>
      ) : null}
    </>
  );
}

function Bubble({
  id,
  trigger,
  side,
  onStay,
  onLeave,
  onHide,
  children,
}: {
  id: string;
  trigger: RefObject<HTMLElement | null>;
  side: Side;
  onStay: () => void;
  onLeave: () => void;
  onHide: () => void;
  children: ReactNode;
}) {
  const bubble = useRef<HTMLDivElement>(null);
  const hide = useRef(onHide);
  hide.current = onHide;

  useLayoutEffect(() => {
    if (bubble.current && trigger.current) place(bubble.current, trigger.current, side);
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopImmediatePropagation();
      hide.current();
    };
    const onScroll = (event: Event) => {
      if (event.target instanceof Node && trigger.current && event.target.contains(trigger.current))
        hide.current();
    };
    window.addEventListener("keydown", onKey, true);
    window.addEventListener("scroll", onScroll, true);
    return () => {
      window.removeEventListener("keydown", onKey, true);
      window.removeEventListener("scroll", onScroll, true);
    };
  }, [trigger]);

  return createPortal(
    // biome-ignore lint/a11y/useKeyWithClickEvents: nothing happens on a click, also not in the row that the child stands in
    <div
      ref={bubble}
      id={id}
      role="tooltip"
      onPointerEnter={onStay}
      onPointerLeave={onLeave}
      onClick={(event) => event.stopPropagation()}
      className="pointer-events-auto fixed top-0 left-0 z-50 w-max max-w-80 animate-appear rounded-control border border-line-2 bg-surface px-2.5 py-1.5 text-left text-meta text-ink shadow-float"
    >
      {children}
    </div>,
    document.body,
  );
}

const gapPx = 6;
const edgePx = 8;

/** Puts the bubble on its side of the trigger, on the other one where there is no room, and never beyond the window. */
function place(bubble: HTMLElement, trigger: HTMLElement, side: Side): void {
  const around = trigger.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const { clientWidth, clientHeight } = document.documentElement;
  const before = { top: around.top - gapPx - height, left: around.left - gapPx - width };
  const after = { top: around.bottom + gapPx, left: around.right + gapPx };
  const middle = {
    top: around.top + (around.height - height) / 2,
    left: around.left + (around.width - width) / 2,
  };
  const fitsAbove = before.top >= edgePx;
  const fitsBelow = after.top + height <= clientHeight - edgePx;
  const fitsLeft = before.left >= edgePx;
  const fitsRight = after.left + width <= clientWidth - edgePx;
  const isUpright = side === "top" || side === "bottom";
  const above = side === "top" ? fitsAbove || !fitsBelow : !fitsBelow && fitsAbove;
  const leftward = side === "left" ? fitsLeft || !fitsRight : !fitsRight && fitsLeft;
  const top = isUpright ? (above ? before.top : after.top) : middle.top;
  const left = isUpright ? middle.left : leftward ? before.left : after.left;
  const clamp = (value: number, size: number, room: number) =>
    Math.max(edgePx, Math.min(value, room - size - edgePx));
  bubble.style.top = `${clamp(top, height, clientHeight)}px`;
  bubble.style.left = `${clamp(left, width, clientWidth)}px`;
}
