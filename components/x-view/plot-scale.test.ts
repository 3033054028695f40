import { expect, test } from "vitest";
import { countInBox, nearestPoint } from "#components/x-view/hit-test.ts";
import {
  boxBetween,
  durationAt,
  durationTicks,
  fittingTopMs,
  heightOf,
  timeTicks,
  topsMs,
  xOf,
  yOf,
} from "#components/x-view/plot-scale.ts";
import { PointStore } from "#components/x-view/point-store.ts";
import { figuresOf } from "#components/x-view/slot-figures.ts";
import { makeColumns } from "#components/x-view/unpack-points.ts";

const area = { left: 40, top: 20, width: 900, height: 400 };
const span = { fromMs: 1_000_000, toMs: 1_900_000 };
const linear = { kind: "linear", topMs: 8_000 } as const;
const log = { kind: "log", topMs: 8_000 } as const;
const all = [true, true, true, true, true];

function storeOf(points: [atMs: number, durationMs: number, outcome?: number][]): PointStore {
  const columns = makeColumns(points.length);
  points.forEach(([atMs, durationMs, outcome = 0], index) => {
    columns.atMs[index] = atMs;
    columns.durationMs[index] = durationMs;
    columns.outcome[index] = outcome;
  });
  const store = new PointStore();
  store.replaceFrom({ fromMs: 0, columns, vans: ["SBX1"], malls: ["mall_1"] });
  return store;
}

test.each([linear, log])("a height is read back as the response time it stands for: $kind", (scale) => {
  for (const ms of [12, 200, 1_000, 7_999]) expect(durationAt(heightOf(ms, scale), scale)).toBeCloseTo(ms, 6);
  expect(heightOf(8_000, scale)).toBe(1);
  expect(heightOf(60_000, scale)).toBe(1);
  expect(heightOf(0, scale)).toBe(0);
});

test("the axis reaches the slowest, but a few beyond 20 s do not flatten all others", () => {
  expect(fittingTopMs(6_160, 1_100)).toBe(8_000);
  expect(fittingTopMs(90, 80)).toBe(400);
  expect(fittingTopMs(50_000, 900)).toBe(20_000);
  expect(fittingTopMs(50_000, 30_000)).toBe(40_000);
});

test("ticks are times and seconds people count in", () => {
  expect(durationTicks(linear)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  expect(durationTicks(log)).toEqual([10, 100, 1_000, 8_000]);
  expect(durationTicks({ kind: "linear", topMs: 500 })).toEqual([0, 200, 400]);
  for (const topMs of topsMs) expect(durationTicks({ kind: "linear", topMs }).at(-1)).toBe(topMs);
  const from = Date.parse("2026-11-19T05:17:10Z");
  const ticks = timeTicks({ fromMs: from, toMs: from + 900_000 }, 900, 84);
  expect(ticks.map((at) => new Date(at).toISOString().slice(11, 19))).toEqual([
    "05:18:00",
    "05:20:00",
    "05:22:00",
    "05:24:00",
    "05:26:00",
    "05:28:00",
    "05:30:00",
    "05:32:00",
  ]);
});

test("a rectangle becomes times whichever corner it was begun at; at the top edge it is open", () => {
  const corners = [
    { x: xOf(1_200_000, span, area), y: yOf(6_000, linear, area) },
    { x: xOf(1_400_000, span, area), y: yOf(2_000, linear, area) },
  ] as const;
  const expected = { fromMs: 1_200_000, toMs: 1_400_000, minMs: 2_000, maxMs: 6_000 };
  expect(boxBetween(corners[0], corners[1], span, linear, area)).toEqual(expected);
  expect(boxBetween(corners[1], corners[0], span, linear, area)).toEqual(expected);
  expect(boxBetween({ x: -50, y: -5 }, { x: 5_000, y: 900 }, span, linear, area)).toEqual({
    ...span,
    minMs: 0,
    maxMs: null,
  });
});

test("a box counts what lies on its edges, and nothing that is hidden", () => {
  const store = storeOf([
    [1_199_999, 3_000],
    [1_200_000, 3_000],
    [1_300_000, 2_999],
    [1_300_000, 9_000, 4],
    [1_400_000, 6_000],
    [1_400_001, 6_000],
  ]);
  const box = { fromMs: 1_200_000, toMs: 1_400_000, minMs: 3_000, maxMs: null };
  expect(countInBox(store, box, all)).toBe(3);
  expect(countInBox(store, { ...box, maxMs: 6_000 }, all)).toBe(2);
  expect(countInBox(store, box, [true, true, true, true, false])).toBe(2);
});

test("the nearest point is found within reach, the louder one where two lie together", () => {
  const store = storeOf([
    [1_200_000, 4_000],
    [1_200_000, 4_000, 4],
    [1_206_000, 4_000],
    [1_250_000, 4_000],
  ]);
  const view = { span, scale: linear, area, shown: all };
  const at = { x: xOf(1_201_000, span, area), y: yOf(4_000, linear, area) + 3 };
  expect(nearestPoint(store, at, view, 10)).toBe(1);
  expect(nearestPoint(store, at, { ...view, shown: [true, true, true, true, false] }, 10)).toBe(0);
  expect(nearestPoint(store, { ...at, y: at.y + 60 }, view, 10)).toBeUndefined();
});

test("figures are of the shown points of the span; the legend counts hidden ones too", () => {
  const store = storeOf([
    [999_000, 100],
    [1_000_000, 100],
    [1_010_000, 200],
    [1_020_000, 300, 4],
    [1_100_000, 400],
  ]);
  const figures = figuresOf(store, { fromMs: 1_000_000, toMs: 1_060_000 }, [true, true, true, true, false]);
  expect(figures.counts).toEqual([2, 0, 0, 0, 1]);
  expect(figures.slotMs).toBe(2_000);
  expect(figures.percentiles).toEqual({ p50Ms: 100, p95Ms: 200, p99Ms: 200, slowestMs: 200 });
  expect(figures.latency[0]).toEqual({ at: 1_000_000, p50: 100, p95: 100, p99: 100 });
  expect(figures.latency[1]?.p50).toBeNull();
  expect(figures.throughput[0]).toMatchObject({ done: 30, unknown: 0 });
  expect(figuresOf(new PointStore(), span, all).percentiles).toBeNull();
});
