"use client";

import { useEffect, useRef, useState } from "react";
import type { TimeChartProps } from "#components/charts/time-points.ts";

/** Long enough to see whether a second click follows. */
const doubleClickMs = 250;

type At = { activeLabel?: string | number | undefined };

/**
 * Tells clicks, double clicks and drags over slots apart. Spread `handlers` on the chart; `dragged` is the part under
 * way. By touch a drag scrolls the page, as everywhere; the period picker does the same without dragging.
 */
export function useSlotDrag({
  onPick,
  onZoom,
  onUnzoom,
}: Pick<TimeChartProps, "onPick" | "onZoom" | "onUnzoom">) {
  const [dragged, setDragged] = useState<{ from: number; to: number } | null>(null);
  const under = useRef<{ from: number; to: number } | null>(null);
  /** A drag ends with a click of its own, which is none. */
  const hasDragged = useRef(false);
  const picking = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(picking.current), []);
  useEffect(() => {
    if (!onZoom) return;
    // The button may be let go anywhere.
    const end = () => {
      const drag = under.current;
      under.current = null;
      setDragged(null);
      if (drag && drag.from !== drag.to) onZoom(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to));
    };
    window.addEventListener("mouseup", end);
    return () => window.removeEventListener("mouseup", end);
  }, [onZoom]);

  const slotAt = ({ activeLabel }: At) => (activeLabel === undefined ? undefined : Number(activeLabel));
  return {
    dragged,
    handlers: {
      onMouseDown(at: At) {
        hasDragged.current = false;
        const slot = slotAt(at);
        if (onZoom && slot !== undefined) under.current = { from: slot, to: slot };
      },
      onMouseMove(at: At) {
        const slot = slotAt(at);
        if (!under.current || slot === undefined || slot === under.current.to) return;
        under.current = { ...under.current, to: slot };
        hasDragged.current = true;
        setDragged(under.current);
      },
      onClick(at: At) {
        const slot = slotAt(at);
        if (hasDragged.current || slot === undefined || !onPick) return;
        clearTimeout(picking.current);
        if (!onUnzoom) return onPick(slot);
        picking.current = setTimeout(() => onPick(slot), doubleClickMs);
      },
      onDoubleClick() {
        clearTimeout(picking.current);
        onUnzoom?.();
      },
    },
  };
}
