import { beforeAll, expect, test } from "vitest";
import { prepareSimTemplate } from "#scripts/sim/sim-database.ts";
import type { SimResult } from "#scripts/sim/simulation/run-world.ts";
import { runWorlds } from "#scripts/sim/simulation/run-worlds.ts";

const templateUrl = process.env.TEST_DATABASE_URL ?? "";
const randomSeed = 1 + (Date.now() % 1_000_000_007);

beforeAll(() => prepareSimTemplate(templateUrl));

test("the same seed gives the same history three times, byte for byte, and another seed another one", async () => {
  const run = async (seed: number) => {
    const histories: (readonly string[])[] = [];
    const onWorld = ({ history }: SimResult) => histories.push(history);
    const { digest } = await runWorlds(templateUrl, { seed, orders: 40, keepsHistory: true, onWorld });
    return { digest, history: histories.flat() };
  };
  const [first, second, third, other] = [await run(7), await run(7), await run(7), await run(8)];
  expect(first.history.length).toBeGreaterThan(1_000);
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(other.digest).not.toBe(first.digest);
}, 120_000);

test.each([
  ["a fixed seed", 20_270_104],
  ["a seed drawn by the clock", randomSeed],
])(
  "400 orders under random faults end legally: %s, %i",
  async (_, seed) => {
    const report = await runWorlds(templateUrl, { seed, orders: 400 });
    expect(report.broken?.result.troubles ?? []).toEqual([]);
    expect(report.broken?.result.violations ?? []).toEqual([]);
    expect(report.unknown).toBeGreaterThan(20);
    expect(report.faults.get("process killed")).toBeGreaterThan(5);
  },
  300_000,
);
