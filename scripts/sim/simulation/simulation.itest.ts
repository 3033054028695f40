import { beforeAll, expect, test } from "vitest";
import { prepareSimTemplate } from "#scripts/sim/sim-database.ts";
import type { SimResult } from "#scripts/sim/simulation/run-world.ts";
import { runWorlds } from "#scripts/sim/simulation/run-worlds.ts";

const templateUrl = process.env.TEST_DATABASE_URL ?? "";

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

// Others are drawn by whoever calls `npm run test:sim` without a seed.
test.each([20_270_104, 393_754_277])(
  "400 orders under random faults end legally: seed %i",
  async (seed) => {
    const report = await runWorlds(templateUrl, { seed, orders: 400 });
    expect(report.broken?.result.troubles ?? []).toEqual([]);
    expect(report.broken?.result.violations ?? []).toEqual([]);
    expect(report.unknown).toBeGreaterThan(20);
    expect(report.faults.get("process killed")).toBeGreaterThan(5);
  },
  300_000,
);
