import { describe, expect, test } from "vitest";
import { limitLines, worthShowing } from "#scripts/supervisor/child-lines.ts";

const ecs = (level: string, message: string, error?: string) =>
  JSON.stringify({
    "log.level": level,
    message,
    ...(error === undefined ? {} : { error: { message: error } }),
  });

describe("the console shows", () => {
  test("a child's warnings and errors, with their cause", () => {
    expect(worthShowing("web", ecs("warn", "redis is away"))).toBe("warn: redis is away");
    expect(worthShowing("worker", ecs("error", "job failed", "timeout"))).toBe("error: job failed (timeout)");
  });

  test("the last words of a process that crashed", () => {
    expect(worthShowing("web", "TypeError: x is not a function")).toBe("TypeError: x is not a function");
  });

  test("a panic of PostgreSQL, and Redis failing to write", () => {
    expect(worthShowing("postgres", "2026-11-22 [1] PANIC:  could not write to file")).toContain("PANIC");
    expect(worthShowing("redis", "7:M 22 Nov # MISCONF Can't save")).toContain("MISCONF");
  });
});

describe("the console leaves to the log file", () => {
  test("information", () => {
    expect(worthShowing("web", ecs("info", "payment approved"))).toBeUndefined();
    expect(worthShowing("web", "✓ Ready in 200ms")).toBeUndefined();
  });

  test("refused SQL and restarts, which are part of normal work", () => {
    expect(worthShowing("postgres", "ERROR:  duplicate key value")).toBeUndefined();
    expect(worthShowing("postgres", "FATAL:  the database system is starting up")).toBeUndefined();
  });

  test("what exceeds a page of lines in ten seconds, but says how much that was", () => {
    const shown: string[] = [];
    const say = limitLines((text) => shown.push(text), 2, 10_000);
    for (const text of ["a", "b", "c", "d"]) say(text, 1_000_000);
    say("e", 1_020_000);
    expect(shown).toEqual(["a", "b", "… and 2 more lines (see its log)", "e"]);
  });
});
