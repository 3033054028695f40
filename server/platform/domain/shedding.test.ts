import { describe, expect, test } from "vitest";
import {
  calm,
  limitsFor,
  loadClasses,
  loadOf,
  nextShedding,
  type Pressure,
  serving,
  shedsApproval,
} from "#server/platform/domain/shedding.ts";

const limits = limitsFor(100);
const signals = Object.keys(calm) as (keyof Pressure)[];

describe("the order of shedding", () => {
  test("is charts, console reads, webhook sends, new approvals", () => {
    expect(loadClasses).toEqual(["chart", "console_read", "webhook_send", "new_approval"]);
  });

  test.each(signals)("as %s grows, nothing is turned away before what matters less", (signal) => {
    for (let value = 0; value < 1_000; value++) {
      const shed = loadClasses.map((name) => loadOf({ ...calm, [signal]: value }, limits[name]) >= 1);
      // Once false, false for all that matters more.
      expect(shed).toEqual(shed.toSorted((a, b) => Number(b) - Number(a)));
    }
  });

  test("a crowd of reports turns charts away and nothing else", () => {
    const crowded = { ...calm, waitingForReports: 1_000 };
    expect(loadClasses.filter((name) => loadOf(crowded, limits[name]) >= 1)).toEqual(["chart"]);
  });
});

describe("a class", () => {
  test("is turned away at its limit, and not below", () => {
    expect(nextShedding(serving, 0.99, 0).active).toBe(false);
    expect(nextShedding(serving, 1, 0).active).toBe(true);
  });

  test("is served again only after two calm seconds on end", () => {
    let state = nextShedding(serving, 1.2, 0);
    const story: boolean[] = [];
    // Load by tenth of a second: below the limit, calm for a second, a swell, calm for good.
    for (let tick = 1; tick <= 60; tick++) {
      const load = tick <= 10 ? 0.9 : tick <= 20 ? 0.5 : tick === 21 ? 0.8 : 0.2;
      state = nextShedding(state, load, tick * 100);
      story.push(state.active);
    }
    expect(story.indexOf(false)).toBe(41);
    expect(story.slice(41).every((active) => !active)).toBe(true);
  });

  test("does not flap while the load swings around its limit", () => {
    let state = serving;
    let changes = 0;
    for (let tick = 0; tick < 600; tick++) {
      const next = nextShedding(state, tick % 2 === 0 ? 1.05 : 0.95, tick * 100);
      if (next.active !== state.active) changes++;
      state = next;
    }
    expect(changes).toBe(1);
  });
});

describe("a new approval", () => {
  const bounds = limits.new_approval;

  test.each([
    ["the last place", { approvalsInFlight: 99 }, false],
    ["no place", { approvalsInFlight: 100 }, true],
    ["a long queue for the database", { waitingForMoney: 250 }, true],
    ["a first caller who has waited too long", { longestMoneyWaitMs: 250 }, true],
    ["a late event loop at its limit", { eventLoopDelayMs: 200 }, false],
    ["an event loop twice as late", { eventLoopDelayMs: 400 }, true],
  ])("with %s", (_name, pressure, isShed) => {
    expect(shedsApproval({ ...calm, ...pressure }, bounds, 0.999)).toBe(isShed);
  });

  test("is turned away in a share that grows with the delay", () => {
    const shareAt = (eventLoopDelayMs: number) =>
      Array.from({ length: 1_000 }, (_, n) =>
        shedsApproval({ ...calm, eventLoopDelayMs }, bounds, n / 1_000),
      ).filter(Boolean).length / 1_000;
    expect([200, 250, 300, 350, 400].map(shareAt)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
});
