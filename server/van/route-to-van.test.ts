import { expect, test } from "vitest";
import { routeToVan } from "#server/van/route-to-van.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

const routes = [
  { vanCode: "SBX1", weight: 70 },
  { vanCode: "SBX2", weight: 30 },
];
const settings = (named: Record<string, boolean> = {}) =>
  new Map(
    ["SBX1", "SBX2"].map((code) => [code, { code, isEnabled: named[code] ?? true } as VanSettings] as const),
  );
const connected = (inFlight: Record<string, number>) =>
  new Map(
    Object.entries(inFlight).map(([code, count]) => [
      code,
      { health: () => ({ reachable: true, inFlight: count, lastAnswerAt: null, lastError: null }) },
    ]),
  );

test("follows the weights", () => {
  const counts = { SBX1: 0, SBX2: 0 };
  for (let n = 0; n < 100; n++) {
    const { code } = routeToVan(routes, settings(), connected({ SBX1: 0, SBX2: 0 }), n / 100);
    counts[code as "SBX1" | "SBX2"]++;
  }
  expect(counts).toEqual({ SBX1: 70, SBX2: 30 });
});

test("leaves out a VAN that is disabled, not connected or full", () => {
  const none = connected({ SBX1: 0, SBX2: 0 });
  expect(routeToVan(routes, settings({ SBX1: false }), none, 0).code).toBe("SBX2");
  expect(routeToVan(routes, settings(), connected({ SBX2: 0 }), 0).code).toBe("SBX2");
  expect(routeToVan(routes, settings(), connected({ SBX1: 256, SBX2: 0 }), 0).code).toBe("SBX2");
});

test("refuses before anything is written when none is left", () => {
  expect(() => routeToVan(routes, settings(), connected({ SBX1: 256, SBX2: 256 }), 0.5)).toThrowError(
    expect.objectContaining({ code: "VAN_UNAVAILABLE" }),
  );
});
