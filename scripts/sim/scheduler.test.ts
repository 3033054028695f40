import { describe, expect, test } from "vitest";
import { chanceOf } from "#scripts/sim/chance.ts";
import { beginningMs, type Fate, Scheduler } from "#scripts/sim/scheduler.ts";
import { SimProcess } from "#scripts/sim/sim-process.ts";

function aScheduler(seed = 1) {
  const scheduler = new Scheduler(chanceOf(seed, "test"));
  const lines: string[] = [];
  scheduler.onLine = (line) => lines.push(line.trim());
  const processOf = (name: string, fate: (index: number) => Fate = () => "plain") => {
    const process = new SimProcess(scheduler, name, chanceOf(seed, name));
    process.fate = ({ index }) => fate(index);
    return process;
  };
  return { scheduler, lines, processOf };
}

describe("the scheduler", () => {
  test("performs one effect at a time, and the same seed gives the same order", async () => {
    const orderOf = async (seed: number) => {
      const { scheduler, lines, processOf } = aScheduler(seed);
      for (const name of ["a", "b", "c"]) {
        const process = processOf(name);
        void (async () => {
          for (let step = 1; step <= 4; step++) await process.effect("sql", `step ${step}`, () => undefined);
        })();
      }
      await scheduler.run(100);
      return { order: lines.join("|"), digest: scheduler.digest() };
    };
    expect(await orderOf(7)).toEqual(await orderOf(7));
    expect((await orderOf(7)).order).not.toBe((await orderOf(8)).order);
  });

  test("moves time only when nothing is left to do at this instant", async () => {
    const { scheduler, processOf } = aScheduler();
    const process = processOf("a");
    const seen: number[] = [];
    void (async () => {
      await process.sleep(60_000);
      seen.push(scheduler.nowMs - beginningMs);
      await process.effect("sql", "now", () => undefined);
      seen.push(scheduler.nowMs - beginningMs);
    })();
    scheduler.at(beginningMs + 1_000, "", () => seen.push(scheduler.nowMs - beginningMs));
    await scheduler.run(100);
    expect(seen).toEqual([1_000, 60_000, 60_000]);
  });

  test.each([
    ["crash_before", []],
    ["crash_after", ["done"]],
  ] as const)("after a %s nothing of the process goes on, not even its finally", async (fate, done) => {
    const { scheduler, processOf } = aScheduler();
    const process = processOf("a", (index) => (index === 2 ? fate : "plain"));
    const effects: string[] = [];
    const after: string[] = [];
    void (async () => {
      try {
        await process.effect("sql", "one", () => undefined);
        await process.effect("sql", "two", () => effects.push("done"));
        after.push("went on");
      } catch {
        after.push("caught");
      } finally {
        after.push("finally");
      }
    })();
    await scheduler.run(100);
    expect(effects).toEqual(done);
    expect(after).toEqual([]);
    expect(await process.died).toBe("died");
  });

  test.each([
    ["cut_before", 0],
    ["cut_after", 1],
  ] as const)("a connection that is %s throws, whether or not the effect took place", async (fate, count) => {
    const { scheduler, processOf } = aScheduler();
    const process = processOf("a", () => fate);
    let performed = 0;
    const heard = process
      .effect("sql", "one", () => ++performed)
      .then(
        () => "answered",
        (error: Error) => error.message,
      );
    await scheduler.run(100);
    expect(await heard).toMatch(/Connection terminated/);
    expect(performed).toBe(count);
  });

  test("a stopped process gets no turn until it wakes, and its answers wait", async () => {
    const { scheduler, processOf } = aScheduler();
    const process = processOf("a");
    const woke: number[] = [];
    void process
      .exchange<string>("van", "ask", (answer) => answer(scheduler.nowMs + 100, "yes", "yes"))
      .then(() => woke.push(scheduler.nowMs - beginningMs));
    scheduler.at(beginningMs + 50, "", () => {
      process.pausedUntilMs = beginningMs + 90_000;
    });
    await scheduler.run(100);
    expect(woke).toEqual([90_000]);
  });

  test("the first answer counts and later ones find nobody", async () => {
    const { scheduler, processOf, lines } = aScheduler();
    const outcome = processOf("a").exchange<string>("van", "ask", (answer) => {
      answer(scheduler.nowMs + 200, "late", "late");
      answer(scheduler.nowMs + 100, "early", "early");
    });
    await scheduler.run(100);
    expect(await outcome).toBe("early");
    expect(lines.filter((line) => line.includes("⇐"))).toHaveLength(1);
  });

  test("looks around also when all that is left to do belonged to a dead process", async () => {
    const { scheduler, processOf } = aScheduler();
    const process = processOf("a", (index) => (index === 1 ? "crash_after" : "plain"));
    let looked = 0;
    scheduler.onIdle = async () => {
      looked++;
    };
    void process.effect("sql", "one", () => undefined);
    void process.effect("sql", "two", () => undefined);
    await scheduler.run(100);
    expect(looked).toBeGreaterThan(0);
  });

  test("says so when a process waits inside one of its own effects, and when there is no rest", async () => {
    const { scheduler, processOf } = aScheduler();
    const process = processOf("a");
    const heard = process
      .effect("tx", "transaction", () => process.effect("sql", "inner", () => undefined))
      .catch((error: Error) => error.message);
    await scheduler.run(100);
    expect(await heard).toMatch(/a waits for inner inside transaction/);

    const circle = processOf("b");
    void (async () => {
      for (;;) await circle.sleep(10);
    })();
    await expect(scheduler.run(50)).rejects.toThrow(/goes in circles/);
  });
});
