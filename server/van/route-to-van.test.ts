import { expect, test } from "vitest";
import { inFlightMax, routeToVan } from "#server/van/route-to-van.ts";
import type { VanHealth } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

const routes = [
  { vanCode: "SBX1", weight: 70 },
  { vanCode: "SBX2", weight: 30 },
];
const settings = (named: Record<string, boolean> = {}) =>
  new Map(
    ["SBX1", "SBX2", "SBX3"].map(
      (code) => [code, { code, isEnabled: named[code] ?? true } as VanSettings] as const,
    ),
  );

type Stand = { inFlight?: number; waitMs?: number };
/** VANs as this process is connected to them; `admitted` lists those whose circuit was told of an approval. */
function connected(stands: Record<string, Stand>) {
  const admitted: string[] = [];
  const vans = new Map(
    Object.entries(stands).map(([code, { inFlight = 0, waitMs = 0 }]) => [
      code,
      {
        health: () => ({ inFlight }) as VanHealth,
        admitsInMs: () => waitMs,
        admit: () => void admitted.push(code),
      },
    ]),
  );
  return Object.assign(vans, { admitted });
}
const both = { SBX1: {}, SBX2: {} };

/** How a hundred approvals are spread. */
function spread(over: readonly { vanCode: string; weight: number }[], vans: ReturnType<typeof connected>) {
  const counts: Record<string, number> = {};
  for (let n = 0; n < 100; n++) {
    const { code } = routeToVan(over, settings(), vans, n / 100);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

test("follows the weights", () => {
  expect(spread(routes, connected(both))).toEqual({ SBX1: 70, SBX2: 30 });
});

test("what a VAN with an open circuit would have got goes to the others by their weights", () => {
  const three = [
    { vanCode: "SBX1", weight: 60 },
    { vanCode: "SBX2", weight: 30 },
    { vanCode: "SBX3", weight: 10 },
  ];
  const open = { SBX1: { waitMs: 4_000 }, SBX2: {}, SBX3: {} };
  expect(spread(three, connected(open))).toEqual({ SBX2: 75, SBX3: 25 });
  expect(spread(routes, connected({ SBX1: {}, SBX2: { waitMs: 1 } }))).toEqual({ SBX1: 100 });
});

test("leaves out a VAN that is stopped, not connected, full or without weight", () => {
  const code = (named: Record<string, boolean>, stands: Record<string, Stand>) =>
    routeToVan(routes, settings(named), connected(stands), 0).code;
  expect(code({ SBX1: false }, both)).toBe("SBX2");
  expect(code({}, { SBX2: {} })).toBe("SBX2");
  expect(code({}, { SBX1: { inFlight: inFlightMax }, SBX2: {} })).toBe("SBX2");
  expect(code({}, { SBX1: { inFlight: inFlightMax - 1 }, SBX2: {} })).toBe("SBX1");
  const weightless = [
    { vanCode: "SBX1", weight: 0 },
    { vanCode: "SBX2", weight: 1 },
  ];
  expect(routeToVan(weightless, settings(), connected(both), 0).code).toBe("SBX2");
});

test("tells the circuit of the VAN it chose, and no other", () => {
  const vans = connected(both);
  routeToVan(routes, settings(), vans, 0.99);
  expect(vans.admitted).toEqual(["SBX2"]);
});

test.each<[string, Record<string, boolean>, Record<string, Stand>, number]>([
  [
    "both open: when the first of them is probed",
    {},
    { SBX1: { waitMs: 8_100 }, SBX2: { waitMs: 4_200 } },
    5,
  ],
  ["one open, one stopped", { SBX2: false }, { SBX1: { waitMs: 4_200 }, SBX2: {} }, 5],
  ["one open, one full", {}, { SBX1: { waitMs: 4_200 }, SBX2: { inFlight: inFlightMax } }, 1],
  ["both half open with their places taken", {}, { SBX1: { waitMs: 1_000 }, SBX2: { waitMs: 1_000 } }, 1],
  ["both stopped", { SBX1: false, SBX2: false }, both, 30],
  ["neither connected", {}, {}, 30],
])("refuses before anything is written when none is left: %s", (_, named, stands, retryAfterSeconds) => {
  expect(() => routeToVan(routes, settings(named), connected(stands), 0.5)).toThrowError(
    expect.objectContaining({ code: "VAN_UNAVAILABLE", retryAfterSeconds }),
  );
});
