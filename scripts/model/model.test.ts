import { describe, expect, test } from "vitest";
import { configurations } from "./configurations.ts";
import { explore, type Model } from "./explore.ts";
import { list, oneOf, record, upTo } from "./shape.ts";
import { StateStore } from "./state-store.ts";

// The quick ones: one order with one key, cancels by two requests, and every mutant. `npm run test:model` has all.
const quick = configurations.filter(({ isQuick }) => isQuick);

describe("with every rule kept", () => {
  test.each(quick.filter(({ expected }) => expected === "clean").map((one) => [one.name, one] as const))(
    "%s has no violation in any state",
    (_, { explore: run }) => {
      const { finding, states, atRest } = run();
      expect(finding).toBeUndefined();
      expect(states).toBeGreaterThan(1_000);
      expect(atRest).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe("with one rule left out", () => {
  test.each(quick.filter(({ expected }) => expected === "caught").map((one) => [one.name, one] as const))(
    "%s is found, with the way to it",
    (_, { explore: run }) => {
      const { finding } = run();
      expect(finding?.violations).not.toEqual([]);
      expect(finding?.trace.length).toBeGreaterThan(2);
      expect(finding?.trace).not.toContain("?");
    },
    60_000,
  );
});

describe("the explorer", () => {
  const shape = record({ left: upTo(9), right: upTo(9) });
  const counting = (overrides: Partial<Model<{ left: number; right: number }>> = {}) => ({
    shape,
    initial: { left: 0, right: 0 },
    steps: (
      now: { left: number; right: number },
      offer: Parameters<Model<{ left: number; right: number }>["steps"]>[1],
    ) => {
      if (now.left < 9)
        offer("left", (next) => {
          next.left++;
        });
      if (now.right < 9)
        offer("right", (next) => {
          next.right++;
        });
    },
    violations: () => [],
    violationsAtRest: () => [],
    ...overrides,
  });

  test("visits every state once", () => {
    expect(explore(counting())).toMatchObject({ states: 100, steps: 180, atRest: 1, depth: 18 });
  });

  test("finds a violation by a shortest way", () => {
    const { finding } = explore(
      counting({ violations: ({ left, right }) => (left === 2 && right > 0 ? ["THERE"] : []) }),
    );
    expect(finding).toEqual({ violations: ["THERE"], trace: ["left", "left", "right"] });
  });

  test("finds a state from which no good end can be reached", () => {
    const { finding } = explore(
      counting({
        steps: ({ left }, offer) => {
          if (left === 0)
            offer("end well", (next) => {
              next.left = 1;
            });
          if (left !== 1)
            offer("go round", (next) => {
              next.left = left === 2 ? 3 : 2;
            });
        },
      }),
    );
    expect(finding).toEqual({ violations: ["CANNOT_CONVERGE"], trace: ["go round"] });
  });

  test("a step that need not happen does not keep a state from rest", () => {
    const { finding } = explore(
      counting({
        steps: ({ left }, offer) => {
          if (left === 0)
            offer(
              "perhaps",
              (next) => {
                next.left = 1;
              },
              "choice",
            );
        },
        violationsAtRest: ({ left }) => (left === 0 ? ["RESTS"] : []),
      }),
    );
    expect(finding).toEqual({ violations: ["RESTS"], trace: [] });
  });
});

test("states come back from bytes as they went in", () => {
  const shape = list(2, record({ word: oneOf("a", "b", "c"), count: upTo(200) }));
  const bytes = new Uint8Array(shape.size);
  const value = [
    { word: "c" as const, count: 200 },
    { word: "a" as const, count: 1 },
  ];
  shape.write(bytes, 0, value);
  expect(shape.read(bytes, 0)).toEqual(value);
  expect(() =>
    shape.write(bytes, 0, [
      { word: "a", count: 201 },
      { word: "a", count: 0 },
    ]),
  ).toThrow(RangeError);
});

test("the store keeps each state once, however many there are", () => {
  const store = new StateStore(3);
  const stateOf = (n: number) => Uint8Array.of(n & 255, (n >> 8) & 255, n >> 16);
  for (let n = 0; n < 200_000; n++) expect(store.add(stateOf(n))).toBe(n);
  for (let n = 0; n < 200_000; n += 997) expect(store.add(stateOf(n))).toBe(n);
  expect(store.count).toBe(200_000);
  expect([...store.at(123_456)]).toEqual([...stateOf(123_456)]);
});
