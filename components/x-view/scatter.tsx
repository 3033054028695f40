"use client";

import { type PointerEvent as ReactPointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { formatClock, formatOffsetTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { countInBox, nearestPoint, type Shown } from "#components/x-view/hit-test.ts";
import { OutcomeLabel } from "#components/x-view/outcome-mark.tsx";
import { type Box, boxBetween, type DurationScale, type TimeSpan } from "#components/x-view/plot-scale.ts";
import { type PaintMark, type Picture, ScatterPainter } from "#components/x-view/scatter-painter.ts";
import type { Percentiles } from "#components/x-view/slot-figures.ts";
import type { Feed } from "#components/x-view/use-feed.ts";
import { usePaintColors } from "#components/x-view/use-paint-colors.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";

/** A press that moves less than this is a click. */
const clickPx = 4;
/** A click takes what lies this near. */
const clickReachPx = 10;
const hoverReachPx = 12;

type Corner = Readonly<{ x: number; y: number }>;
type Drag = { from: Corner; to: Corner; how: "box" | "pan"; spanAtStart: TimeSpan };
type Hover = Readonly<{
  x: number;
  y: number;
  outcome: number;
  atMs: number;
  durationMs: number;
  van: string;
  mall: string;
}>;

/**
 * The scatter itself: two canvases, painted outside React. Dragging makes a box, Shift-dragging and sideways wheeling
 * move through time, the wheel zooms. All of it has buttons or fields elsewhere on the page.
 */
export function Scatter({
  feed,
  readSpan,
  scale,
  shown,
  box,
  marks,
  percentiles,
  summary,
  mallName,
  onBox,
  onMove,
}: {
  feed: Feed;
  /** The present window, asked at each frame. */
  readSpan: () => TimeSpan;
  scale: DurationScale;
  shown: Shown;
  box: Box | null;
  marks: readonly PaintMark[];
  percentiles: Percentiles | null;
  summary: string;
  mallName: (id: string) => string;
  onBox: (box: Box) => void;
  /** The window is to be this; `isOver` once the gesture has ended. */
  onMove: (span: TimeSpan, isOver: boolean) => void;
}) {
  const { xView } = useTexts();
  const colors = usePaintColors();
  const frame = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const painter = useRef<ScatterPainter | null>(null);
  const drag = useRef<Drag | null>(null);
  const pointer = useRef<Corner | null>(null);
  const isDirty = useRef(true);
  const [hover, setHover] = useState<Hover | null>(null);
  // What the painter and the listeners read is always of the latest render.
  const now = useRef({ feed, readSpan, scale, shown, box, marks, percentiles, colors, xView, onMove });
  useLayoutEffect(() => {
    now.current = { feed, readSpan, scale, shown, box, marks, percentiles, colors, xView, onMove };
    isDirty.current = true;
  });

  useEffect(() => {
    if (!base.current || !overlay.current || !frame.current) return;
    painter.current = new ScatterPainter(base.current, overlay.current);
    const element = frame.current;
    const font = `12px ${getComputedStyle(element).fontFamily}`;
    let request = 0;
    let paintedFromMs = 0;
    const step = () => {
      request = requestAnimationFrame(step);
      const { feed, readSpan, scale, shown, box, marks, percentiles, colors, xView } = now.current;
      const it = painter.current;
      if (!it || !colors) return;
      if (it.resize(element.clientWidth, element.clientHeight, window.devicePixelRatio))
        isDirty.current = true;
      const span = readSpan();
      if (!isDirty.current && Math.abs(span.fromMs - paintedFromMs) < it.msPerDevicePixel(span)) return;
      isDirty.current = false;
      paintedFromMs = span.fromMs;
      const changedFromMs = feed.takeChange();
      if (changedFromMs < Number.POSITIVE_INFINITY) it.invalidateFrom(changedFromMs, span);
      const picture: Picture = {
        ...{ store: feed.store, span, scale, shown, colors, font, marks, percentiles },
        formatDuration: (ms) => String(Number((ms / 1_000).toPrecision(3))),
        formatTime: (atMs, isFine) => formatClock(new Date(atMs)).slice(0, isFine ? 8 : 5),
      };
      if (!it.paint(picture)) isDirty.current = true;
      const drawn = drag.current?.how === "box" ? drag.current : null;
      const shownBox = drawn ? boxBetween(drawn.from, drawn.to, span, scale, it.area) : box;
      it.paintOverlay(
        {
          box: shownBox,
          boxLabel: shownBox ? xView.plot.boxCount(countInBox(feed.store, shownBox, shown)) : "",
          crosshair: drawn ? null : pointer.current,
        },
        picture,
      );
    };
    request = requestAnimationFrame(step);
    return () => cancelAnimationFrame(request);
  }, []);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let ended: ReturnType<typeof setTimeout> | undefined;
    // React listens to wheels passively, which could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      const it = painter.current;
      if (!it) return;
      event.preventDefault();
      const { readSpan, onMove } = now.current;
      const span = readSpan();
      const lengthMs = span.toMs - span.fromMs;
      const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      let next: TimeSpan;
      if (isPan) {
        const moved = ((event.deltaX || event.deltaY) / it.area.width) * lengthMs;
        next = { fromMs: span.fromMs + moved, toMs: span.toMs + moved };
      } else {
        const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY / 400)));
        const share = (event.offsetX - it.area.left) / it.area.width;
        const middleMs = span.fromMs + Math.min(Math.max(share, 0), 1) * lengthMs;
        next = {
          fromMs: middleMs - (middleMs - span.fromMs) * factor,
          toMs: middleMs + (span.toMs - middleMs) * factor,
        };
      }
      onMove(next, false);
      clearTimeout(ended);
      ended = setTimeout(() => now.current.onMove(now.current.readSpan(), true), 250);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      clearTimeout(ended);
      element.removeEventListener("wheel", onWheel);
    };
  }, []);

  const cornerOf = (event: ReactPointerEvent): Corner => {
    const edge = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - edge.left, y: event.clientY - edge.top };
  };
  const inPlot = ({ x, y }: Corner) => {
    const area = painter.current?.area;
    return area && x >= area.left && x <= area.left + area.width && y >= 0 && y <= area.top + area.height;
  };

  const move = (event: ReactPointerEvent) => {
    const it = painter.current;
    const at = cornerOf(event);
    const current = drag.current;
    isDirty.current = true;
    if (current && it) {
      current.to = at;
      if (current.how === "pan") {
        const { fromMs, toMs } = current.spanAtStart;
        const moved = ((current.from.x - at.x) / it.area.width) * (toMs - fromMs);
        onMove({ fromMs: fromMs + moved, toMs: toMs + moved }, false);
      }
      return;
    }
    if (event.pointerType === "touch" || !it || !inPlot(at)) return leave();
    pointer.current = at;
    const place = nearestPoint(
      feed.store,
      at,
      { span: readSpan(), scale, area: it.area, shown },
      hoverReachPx,
    );
    const { columns, vans, malls } = feed.store;
    setHover(
      place === undefined
        ? null
        : {
            ...at,
            outcome: columns.outcome[place] ?? 0,
            atMs: columns.atMs[place] ?? 0,
            durationMs: columns.durationMs[place] ?? 0,
            van: vans[columns.van[place] ?? 0] ?? "",
            mall: malls[columns.mall[place] ?? 0] ?? "",
          },
    );
  };
  const leave = () => {
    pointer.current = null;
    isDirty.current = true;
    setHover(null);
  };
  const press = (event: ReactPointerEvent) => {
    const at = cornerOf(event);
    if (event.button !== 0 || !inPlot(at)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: at, to: at, how: event.shiftKey ? "pan" : "box", spanAtStart: readSpan() };
    setHover(null);
  };
  const release = (event: ReactPointerEvent) => {
    const current = drag.current;
    const it = painter.current;
    drag.current = null;
    isDirty.current = true;
    if (!current || !it) return;
    if (current.how === "pan") return onMove(readSpan(), true);
    const { from } = current;
    const to = cornerOf(event);
    const view = { span: readSpan(), scale, area: it.area };
    if (Math.abs(to.x - from.x) >= clickPx || Math.abs(to.y - from.y) >= clickPx)
      return onBox(boxBetween(from, to, view.span, scale, view.area));
    if (nearestPoint(feed.store, from, { ...view, shown }, clickReachPx) === undefined) return;
    onBox(
      boxBetween(
        { x: from.x - clickReachPx, y: from.y - clickReachPx },
        { x: from.x + clickReachPx, y: from.y + clickReachPx },
        view.span,
        scale,
        view.area,
      ),
    );
  };

  const outcome = hover ? xViewOutcomes[hover.outcome] : undefined;
  return (
    <div
      ref={frame}
      data-scatter
      className="absolute inset-0 cursor-crosshair touch-pan-y select-none"
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        drag.current = null;
        isDirty.current = true;
      }}
      onPointerLeave={leave}
    >
      <canvas ref={base} role="img" aria-label={summary} className="absolute inset-0 size-full" />
      <canvas ref={overlay} aria-hidden className="pointer-events-none absolute inset-0 size-full" />
      {hover && outcome ? (
        <div
          aria-hidden
          className="pointer-events-none absolute z-10 whitespace-nowrap rounded-panel border border-line-2 bg-surface px-2.5 py-1.5 text-meta shadow-float"
          style={{
            top: Math.max(hover.y - 64, 4),
            ...(hover.x > (frame.current?.clientWidth ?? 0) / 2
              ? { right: (frame.current?.clientWidth ?? 0) - hover.x + 12 }
              : { left: hover.x + 12 }),
          }}
        >
          <div className="flex items-center gap-3">
            <OutcomeLabel outcome={outcome} label={xView.outcomes[outcome]} />
            <b className="ml-auto font-semibold">{xView.seconds((hover.durationMs / 1_000).toFixed(2))}</b>
          </div>
          <div className="text-ink-2">
            {formatOffsetTime(new Date(hover.atMs))} · {hover.van} · {mallName(hover.mall)}
          </div>
        </div>
      ) : null}
    </div>
  );
}
