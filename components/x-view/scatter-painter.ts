import type { Shown } from "#components/x-view/hit-test.ts";
import { outcomeLooks } from "#components/x-view/outcome-looks.ts";
import {
  type Box,
  type DurationScale,
  durationTicks,
  type PlotArea,
  type TimeSpan,
  timeTicks,
  xOf,
  yOf,
} from "#components/x-view/plot-scale.ts";
import type { PointStore } from "#components/x-view/point-store.ts";
import type { Percentiles } from "#components/x-view/slot-figures.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";

/** The tokens that are painted with, resolved: a canvas cannot read `light-dark()`. */
export type PaintColors = Readonly<Record<(typeof paintTokens)[number], string>>;
export const paintTokens = [
  "--surface",
  "--line",
  "--line-strong",
  "--ink-2",
  "--ink-3",
  "--accent",
  "--on-accent",
  "--ok",
  "--bad",
  "--warn",
  "--rev",
  "--unk",
  "--link",
] as const;

export type PaintMark = Readonly<{ atMs: number; label: string; tone: "warn" | "plain" }>;

export type Picture = Readonly<{
  store: PointStore;
  span: TimeSpan;
  scale: DurationScale;
  shown: Shown;
  colors: PaintColors;
  font: string;
  marks: readonly PaintMark[];
  /** Lines across, with their names; none when null. */
  percentiles: Percentiles | null;
  formatDuration: (ms: number) => string;
  formatTime: (atMs: number, stepIsUnderMinute: boolean) => string;
}>;

export type Overlay = Readonly<{
  box: Box | null;
  /** On the box's tag, such as `99건`. */
  boxLabel: string;
  /** A point under the pointer, or the pointer itself. */
  crosshair: Readonly<{ x: number; y: number }> | null;
}>;

/** Room for labels around the plot, in CSS pixels. */
const margins = { left: 40, top: 24, right: 6, bottom: 24 };
const tileCssPx = 160;
/** A shape reaches this far beyond its point. */
const shapeReachPx = 6;
const tilesMax = 48;

/** How long tiles may be drawn in one frame; the rest of them waits for the next. */
const drawingMs = 8;
/** While the scale changes faster than this, the tiles of the last scale are stretched. */
const zoomPauseMs = 80;

type Tile = { canvas: HTMLCanvasElement; index: number };

/**
 * Draws the scatter. Points are drawn once into tiles of 160 pixels that are laid side by side under the moving window:
 * sliding and panning copy pictures, and a poll draws only the tiles that its points fall into. A change of theme or
 * filter draws all visible tiles again. So does a change of the time's scale, but not at once: as long as it goes on, and
 * then until their turn has come within some frames, tiles of the scale before are shown stretched.
 */
export class ScatterPainter {
  private readonly base: CanvasRenderingContext2D;
  private readonly overlay: CanvasRenderingContext2D;
  private readonly tiles = new Map<number, Tile>();
  private readonly stamps = new Map<number, HTMLCanvasElement>();
  private tilesKey = "";
  /** Tiles of a scale before, for as long as those of this one are not all drawn. */
  private stretched: Readonly<{ tiles: ReadonlyMap<number, Tile>; tileMs: number }> | null = null;
  private tilesScale = { msPerPx: 0, dotCssPx: 2.2 };
  private scaledAtMs = 0;
  private width = 0;
  private height = 0;
  private ratio = 1;
  /** How many points the last paint had to draw anew; for measurements. */
  drawnPoints = 0;

  constructor(base: HTMLCanvasElement, overlay: HTMLCanvasElement) {
    this.base = contextOf(base);
    this.overlay = contextOf(overlay);
  }

  /** Takes the size of the place in CSS pixels; true when it changed. */
  resize(width: number, height: number, ratio: number): boolean {
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    for (const context of [this.base, this.overlay]) {
      context.canvas.width = Math.round(width * ratio);
      context.canvas.height = Math.round(height * ratio);
    }
    return true;
  }

  get area(): PlotArea {
    return {
      left: margins.left,
      top: margins.top,
      width: Math.max(this.width - margins.left - margins.right, 1),
      height: Math.max(this.height - margins.top - margins.bottom, 1),
    };
  }

  /** The points from this end time on have changed. */
  invalidateFrom(atMs: number, span: TimeSpan): void {
    const tileMs = this.tileMsOf(span);
    const reachMs = (shapeReachPx / tileCssPx) * tileMs;
    for (const index of this.tiles.keys())
      if ((index + 1) * tileMs > atMs - reachMs) this.tiles.delete(index);
  }

  /** How many milliseconds a device pixel is wide: a smaller move of the window shows nothing new. */
  msPerDevicePixel({ fromMs, toMs }: TimeSpan): number {
    return (toMs - fromMs) / (this.area.width * this.ratio);
  }

  private tileMsOf(span: TimeSpan): number {
    return Math.round(tileCssPx * this.ratio) * this.msPerDevicePixel(span);
  }

  /** Paints everything as far as its tiles can be drawn within a frame; false when the next frame has to go on. */
  paint(picture: Picture): boolean {
    const { base: context, area, ratio } = this;
    this.drawnPoints = 0;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.paintAxes(picture);
    this.paintMarks(picture);
    context.save();
    // Shapes at the edges stand out of the plot, points outside the window do not.
    context.beginPath();
    context.rect(
      area.left - 2,
      area.top - shapeReachPx,
      area.width + 4 + margins.right,
      area.height + 2 * shapeReachPx,
    );
    context.clip();
    const isComplete = this.paintPoints(picture);
    context.restore();
    if (picture.percentiles) this.paintPercentiles(picture, picture.percentiles);
    return isComplete;
  }

  private paintAxes({ span, scale, colors, font, formatDuration, formatTime }: Picture): void {
    const { base: context, area } = this;
    context.font = font;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.strokeStyle = colors["--line"];
    context.fillStyle = colors["--ink-3"];
    context.textAlign = "right";
    for (const ms of durationTicks(scale)) {
      const y = Math.round(yOf(ms, scale, area)) + 0.5;
      context.beginPath();
      context.moveTo(area.left, y);
      context.lineTo(area.left + area.width, y);
      context.stroke();
      context.fillText(formatDuration(ms), area.left - 8, y);
    }
    const ticks = timeTicks(span, area.width, 84);
    const isFine = (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60_000;
    context.textAlign = "center";
    for (const at of ticks) {
      const x = xOf(at, span, area);
      const half = isFine ? 26 : 17;
      // A label that would be cut off at an edge is left out; it comes back as the window moves.
      if (x - half >= area.left - 24 && x + half <= this.width)
        context.fillText(formatTime(at, isFine), x, this.height - 9);
    }
  }

  private paintMarks({ marks, span, colors, font }: Picture): void {
    const { base: context, area } = this;
    context.font = font;
    context.textBaseline = "middle";
    const taken: { from: number; to: number }[] = [];
    const inView = marks.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);
    // Where words would cover each other, those that want a look are kept.
    const byNeed = [
      ...inView.filter(({ tone }) => tone === "warn"),
      ...inView.filter(({ tone }) => tone !== "warn"),
    ];
    for (const { atMs, label, tone } of byNeed) {
      const x = Math.round(xOf(atMs, span, area)) + 0.5;
      const color = colors[tone === "warn" ? "--warn" : "--ink-2"];
      context.strokeStyle = color;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(x, 6);
      context.lineTo(x, area.top + area.height);
      context.stroke();
      context.setLineDash([]);
      const width = context.measureText(label).width;
      const from = x + 6 + width <= this.width ? x + 6 : x - 6 - width;
      const isFree = taken.every((other) => from > other.to + 8 || from + width < other.from - 8);
      if (!isFree || from < 0) continue;
      taken.push({ from, to: from + width });
      context.textAlign = "left";
      context.fillStyle = color;
      context.fillText(label, from, 10);
    }
  }

  private paintPercentiles({ scale, colors, font }: Picture, found: Percentiles): void {
    const { base: context, area } = this;
    context.font = `600 ${font}`;
    context.textAlign = "right";
    context.textBaseline = "bottom";
    let lowestTop = Number.POSITIVE_INFINITY;
    const lines = [
      { name: "p50", ms: found.p50Ms, color: colors["--ink-2"], dash: [], width: 1 },
      { name: "p95", ms: found.p95Ms, color: colors["--link"], dash: [], width: 2 },
      { name: "p99", ms: found.p99Ms, color: colors["--unk"], dash: [4, 3], width: 1.5 },
    ];
    for (const { name, ms, color, dash, width } of lines) {
      const y = yOf(ms, scale, area);
      context.strokeStyle = color;
      context.lineWidth = width;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(area.left, y);
      context.lineTo(area.left + area.width, y);
      context.stroke();
      context.setLineDash([]);
      // Names do not cover each other: one that would is moved up.
      const bottom = Math.min(y - 2, lowestTop);
      // On a plate: between the points a mere outline of the letters is lost.
      const plate = Math.ceil(context.measureText(name).width) + 8;
      context.fillStyle = colors["--surface"];
      context.fillRect(area.left + area.width - plate, bottom - 14, plate, 14);
      context.fillStyle = color;
      context.fillText(name, area.left + area.width - 4, bottom);
      lowestTop = bottom - 15;
    }
  }

  private paintPoints(picture: Picture): boolean {
    const { base: context, area, ratio } = this;
    const { span } = picture;
    this.takeScale(picture);
    const msPerPx = this.msPerDevicePixel(span);
    const tileMs = this.tileMsOf(span);
    const tilePx = Math.round(tileCssPx * ratio);
    const firstTile = Math.floor(span.fromMs / tileMs);
    const lastTile = Math.floor(span.toMs / tileMs);
    const firstX = Math.round(area.left * ratio + (firstTile * tileMs - span.fromMs) / msPerPx);
    const y = Math.round((area.top - shapeReachPx) * ratio);
    const startedAtMs = performance.now();
    const isZooming = startedAtMs - this.scaledAtMs < zoomPauseMs;
    let isComplete = true;
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (let index = firstTile; index <= lastTile; index++) {
      const x = firstX + (index - firstTile) * tilePx;
      const mayWait = this.stretched !== null && !this.tiles.has(index);
      if (mayWait && (isZooming || performance.now() - startedAtMs > drawingMs)) {
        isComplete = false;
        this.paintStretched(span, { x, y, width: tilePx });
      } else context.drawImage(this.tileAt(index, picture).canvas, x, y);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (isComplete) this.stretched = null;
    if (this.tiles.size > tilesMax)
      for (const index of this.tiles.keys())
        if (index < firstTile - 2 || index > lastTile + 2) this.tiles.delete(index);
    return isComplete;
  }

  /** Puts tiles away that were drawn for another look, and keeps those of another scale to be stretched. */
  private takeScale({ store, span, scale, shown, colors }: Picture): void {
    const msPerPx = this.msPerDevicePixel(span);
    // Few points may be larger, so that they are seen.
    const visible = store.indexAt(span.toMs) - store.indexAt(span.fromMs);
    const dotCssPx = visible < 400 ? 4 : visible < 2_500 ? 3 : 2.2;
    const key = [
      ...[this.area.height, this.ratio, scale.kind, scale.topMs, shown.join("")],
      ...[colors["--ok"], colors["--surface"]],
    ].join();
    const before = this.tilesScale;
    if (key !== this.tilesKey) {
      this.tilesKey = key;
      this.tiles.clear();
      this.stamps.clear();
      this.stretched = null;
    } else if (msPerPx !== before.msPerPx || dotCssPx !== before.dotCssPx) {
      // A scale that was passed through has few tiles of its own: those that were whole are the better picture.
      this.stretched ??= {
        tiles: new Map(this.tiles),
        tileMs: Math.round(tileCssPx * this.ratio) * before.msPerPx,
      };
      this.tiles.clear();
      this.scaledAtMs = performance.now();
    }
    this.tilesScale = { msPerPx, dotCssPx };
  }

  /** What the tiles of the scale before have of a place, as wide as the present scale makes it. */
  private paintStretched(span: TimeSpan, place: Readonly<{ x: number; y: number; width: number }>): void {
    const { base: context, area, ratio, stretched } = this;
    if (!stretched) return;
    const msPerPx = this.msPerDevicePixel(span);
    const xAt = (atMs: number) => area.left * ratio + (atMs - span.fromMs) / msPerPx;
    const width = stretched.tileMs / msPerPx;
    context.save();
    context.beginPath();
    context.rect(place.x, place.y, place.width, context.canvas.height);
    context.clip();
    for (const { canvas, index } of stretched.tiles.values()) {
      const x = xAt(index * stretched.tileMs);
      if (x + width > place.x && x < place.x + place.width)
        context.drawImage(canvas, x, place.y, width, canvas.height);
    }
    context.restore();
  }

  private tileAt(index: number, picture: Picture): Tile {
    const kept = this.tiles.get(index);
    if (kept) return kept;
    const tile = { canvas: document.createElement("canvas"), index };
    tile.canvas.width = Math.round(tileCssPx * this.ratio);
    tile.canvas.height = Math.round((this.area.height + 2 * shapeReachPx) * this.ratio);
    this.drawTile(tile, picture);
    this.tiles.set(index, tile);
    return tile;
  }

  private drawTile({ canvas, index }: Tile, { store, span, scale, shown, colors }: Picture): void {
    const { ratio } = this;
    const { dotCssPx } = this.tilesScale;
    const context = contextOf(canvas);
    const msPerPx = this.msPerDevicePixel(span);
    const tileMs = this.tileMsOf(span);
    const fromMs = index * tileMs;
    const reachMs = shapeReachPx * ratio * msPerPx;
    const first = store.indexAt(fromMs - reachMs);
    const end = store.indexAt(fromMs + tileMs + reachMs);
    const { atMs, durationMs, outcome } = store.columns;
    const plot = { left: 0, top: shapeReachPx * ratio, width: 1, height: this.area.height * ratio };
    this.drawnPoints += end - first;
    const others = new Set<number>();
    // Success is many and quiet, so its dots are written as pixels: fifty thousand calls of the canvas would take
    // longer than a frame. Where dots overlap, the colour gets denser.
    const dotPx = Math.max(2, Math.round(dotCssPx * ratio));
    const { width, height } = canvas;
    const image = context.createImageData(width, height);
    const { data } = image;
    const [red, green, blue] = channelsOf(colors["--ok"]);
    for (let place = first; place < end; place++) {
      const code = outcome[place] ?? 0;
      if (!shown[code]) continue;
      const ms = durationMs[place] ?? 0;
      if (code !== 0 || ms > scale.topMs) {
        others.add(code);
        continue;
      }
      const left = Math.round(((atMs[place] ?? 0) - fromMs) / msPerPx - dotPx / 2);
      const top = Math.round(yOf(ms, scale, plot) - dotPx / 2);
      for (let y = Math.max(top, 0); y < Math.min(top + dotPx, height); y++)
        for (let x = Math.max(left, 0); x < Math.min(left + dotPx, width); x++) {
          const byte = (y * width + x) * 4;
          data[byte] = red;
          data[byte + 1] = green;
          data[byte + 2] = blue;
          data[byte + 3] = 128 + ((data[byte + 3] ?? 0) >> 1);
        }
    }
    context.putImageData(image, 0, 0);
    // What went wrong lies on top, opaque.
    for (const code of [...others].sort()) {
      const stamp = this.stampOf(code, colors);
      const above = this.stampOf(code + aboveTop, colors);
      for (let place = first; place < end; place++) {
        if (outcome[place] !== code) continue;
        const ms = durationMs[place] ?? 0;
        const isAbove = ms > scale.topMs;
        if (code === 0 && !isAbove) continue;
        const picture = isAbove ? above : stamp;
        const x = Math.round(((atMs[place] ?? 0) - fromMs) / msPerPx - picture.width / 2);
        context.drawImage(picture, x, Math.round(yOf(ms, scale, plot) - picture.height / 2));
      }
    }
  }

  /** The shape of an outcome, drawn once: copying it is much faster than drawing its outline for each point. */
  private stampOf(code: number, colors: PaintColors): HTMLCanvasElement {
    const kept = this.stamps.get(code);
    if (kept) return kept;
    const isAbove = code >= aboveTop;
    const { tone, path } = outcomeLooks[xViewOutcomes[isAbove ? code - aboveTop : code] ?? "failed"];
    const sizePx = Math.round((isAbove ? 8 : (stampCssPx[tone] ?? 7)) * this.ratio);
    const stamp = document.createElement("canvas");
    stamp.width = sizePx;
    stamp.height = sizePx;
    const context = contextOf(stamp);
    context.scale(sizePx / 16, sizePx / 16);
    context.fillStyle = colors[`--${tone}` as "--ok"];
    context.fill(new Path2D(isAbove ? "M8 1 15.5 14H.5z" : path));
    this.stamps.set(code, stamp);
    return stamp;
  }

  paintOverlay({ box, boxLabel, crosshair }: Overlay, { span, scale, colors, font }: Picture): void {
    const { overlay: context, area, ratio } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    if (crosshair) {
      context.strokeStyle = colors["--line-strong"];
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(Math.round(crosshair.x) + 0.5, area.top);
      context.lineTo(Math.round(crosshair.x) + 0.5, area.top + area.height);
      context.moveTo(area.left, Math.round(crosshair.y) + 0.5);
      context.lineTo(area.left + area.width, Math.round(crosshair.y) + 0.5);
      context.stroke();
    }
    if (!box || box.toMs < span.fromMs || box.fromMs > span.toMs) return;
    const left = Math.max(xOf(box.fromMs, span, area), area.left);
    const right = Math.min(xOf(box.toMs, span, area), area.left + area.width);
    const top = yOf(box.maxMs ?? scale.topMs, scale, area) - (box.maxMs === null ? 2 : 0);
    const bottom = yOf(box.minMs, scale, area);
    context.fillStyle = colors["--accent"];
    context.globalAlpha = 0.12;
    context.fillRect(left, top, right - left, bottom - top);
    context.globalAlpha = 1;
    context.strokeStyle = colors["--accent"];
    context.lineWidth = 1.5;
    context.strokeRect(left, top, right - left, bottom - top);
    context.font = `600 ${font}`;
    const width = context.measureText(boxLabel).width + 12;
    const tagLeft = Math.max(right - width + 0.75, area.left);
    // Below the box where there is room, else inside it.
    const tagTop = bottom + 20 <= area.top + area.height ? bottom : bottom - 20;
    context.fillStyle = colors["--accent"];
    context.fillRect(tagLeft, tagTop, width, 20);
    context.fillStyle = colors["--on-accent"];
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(boxLabel, tagLeft + 6, tagTop + 10.5);
  }
}

/** Codes of the triangles on the top edge follow those of the shapes. */
const aboveTop = xViewOutcomes.length;
const stampCssPx: Readonly<Record<string, number>> = { ok: 5, bad: 7, warn: 8, rev: 7, unk: 10 };

/** Red, green and blue of a computed colour such as `rgb(11, 107, 63)`. */
function channelsOf(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser draws no canvas");
  return context;
}
