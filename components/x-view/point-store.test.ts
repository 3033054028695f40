import { describe, expect, test } from "vitest";
import { PointStore } from "#components/x-view/point-store.ts";
import { unpackPoints } from "#components/x-view/unpack-points.ts";
import { packPoints } from "#server/x-view/domain/pack-points.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";

const base = Date.parse("2026-11-19T05:00:00Z");
type Given = [offsetMs: number, durationMs?: number, outcome?: number, van?: number, mall?: number];

function batch(fromOffsetMs: number, points: Given[], vans = ["SBX1"], malls = ["mall_1"]) {
  const numbers = points.flatMap(([offset, duration = 100, outcome = 0, van = 0, mall = 0]) => [
    ...[base + offset, duration, outcome, 0, van, mall],
  ]);
  const { firstAtMs, base64 } = packPoints(numbers);
  return {
    fromMs: base + fromOffsetMs,
    columns: unpackPoints(base64, points.length, firstAtMs),
    vans,
    malls,
  };
}

const held = (store: PointStore) =>
  Array.from(store.columns.atMs.subarray(store.first, store.end), (at) => at - base);

describe("packed points", () => {
  test("come out as they went in, whatever their size", () => {
    const numbers = [
      ...[base, 0, 0, 0, 0, 0],
      ...[base, 127, 4, 1, 3, 1],
      ...[base + 128, 16_384, 3, 0, 15, 300],
      ...[base + 3_600_000, 86_400_000, 1, 1, 0, 40_000],
    ];
    const { firstAtMs, base64 } = packPoints(numbers);
    const columns = unpackPoints(base64, 4, firstAtMs);
    const back = [0, 1, 2, 3].flatMap((index) => [
      ...[columns.atMs[index], columns.durationMs[index], columns.outcome[index]],
      ...[columns.operation[index], columns.van[index], columns.mall[index]],
    ]);
    expect(back).toEqual(numbers);
  });

  test("take at most 12 bytes each on the wire, also when they are rare and slow", () => {
    const count = 10_000;
    const often = Array.from({ length: count }, (_, index) => [base + index * 18, 350, 0, 0, 1, 7]).flat();
    const seldom = Array.from({ length: count }, (_, index) => [
      base + index * 9_000,
      9_500,
      4,
      1,
      1,
      200,
    ]).flat();
    expect(packPoints(often).base64.length / count).toBeLessThan(7);
    expect(packPoints(seldom).base64.length / count).toBeLessThan(12);
  });

  test("that are not whole are refused", () => {
    const { firstAtMs, base64 } = packPoints([base, 1, 0, 0, 0, 0]);
    expect(() => unpackPoints(base64, 2, firstAtMs)).toThrow("too early");
    expect(() => unpackPoints(base64, 0, firstAtMs)).toThrow("should");
    expect(unpackPoints("", 0, 0).length).toBe(0);
  });
});

describe("a window of points", () => {
  test("holds each point once however replies overlap, and finds the one that was committed late", () => {
    const store = new PointStore();
    store.replaceFrom(batch(0, [[100], [900], [1_000]]));
    store.replaceFrom(batch(800, [[850], [900], [1_000], [1_500]]));
    store.replaceFrom(batch(800, [[850], [900], [1_000], [1_500]]));
    expect(held(store)).toEqual([100, 850, 900, 1_000, 1_500]);
    store.dropBefore(base + 900);
    expect(held(store)).toEqual([900, 1_000, 1_500]);
  });

  test("grows, and reuses the room of what it has forgotten", () => {
    const store = new PointStore();
    for (let round = 0; round < 60; round++) {
      const points = Array.from({ length: 1_000 }, (_, index): Given => [round * 1_000 + index]);
      store.replaceFrom(batch(round * 1_000, points));
      store.dropBefore(base + (round - 5) * 1_000);
    }
    expect(store.count).toBe(6_000);
    expect(held(store)[0]).toBe(54_000);
    expect(held(store).at(-1)).toBe(59_999);
    expect(store.columns.length).toBeLessThan(20_000);
  });

  test("gives VANs and malls one place each, whatever places a reply gave them", () => {
    const store = new PointStore();
    store.replaceFrom(batch(0, [[0, 1, 0, 0, 0]], ["SBX2"], ["mall_9"]));
    store.replaceFrom(
      batch(
        10,
        [
          [10, 1, 0, 0, 0],
          [11, 1, 0, 1, 1],
        ],
        ["SBX1", "SBX2"],
        ["mall_1", "mall_9"],
      ),
    );
    const names = Array.from({ length: 3 }, (_, index) => [
      store.vans[store.columns.van[index] ?? -1],
      store.malls[store.columns.mall[index] ?? -1],
    ]);
    expect(names).toEqual([
      ["SBX2", "mall_9"],
      ["SBX1", "mall_1"],
      ["SBX2", "mall_9"],
    ]);
  });

  test("learns that an unknown one was net-cancelled, and only that one", () => {
    const unknown = xViewOutcomes.indexOf("unknown");
    const store = new PointStore();
    store.replaceFrom(
      batch(0, [
        [10, 4_000, unknown],
        [10, 5_000, unknown],
        [10, 5_000, 0],
        [500, 4_000, unknown],
      ]),
    );
    expect(store.unknownsBefore(base + 400, 10).map((at) => at - base)).toEqual([10, 10]);
    expect(store.settle(base + 10, 5_000)).toBe(true);
    expect(store.settle(base + 10, 6_000)).toBe(false);
    const outcomes = Array.from(
      { length: 4 },
      (_, index) => xViewOutcomes[store.columns.outcome[index] ?? 0],
    );
    expect(outcomes).toEqual(["unknown", "netCanceled", "done", "unknown"]);
  });
});
