import { defineConfig } from "vitest/config";

const ignored = ["node_modules/**", ".next/**", ".data/**", "prisma/generated/**", "e2e/**"];

/**
 * Two projects: `unit` (`*.test.ts`) needs nothing but Node; `integration` (`*.itest.ts`) runs
 * against a real PostgreSQL and Redis, started once for the whole run by the global set-up.
 */
export default defineConfig({
  test: {
    // What a test waits for comes in its own time: a busy machine is no failure.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["**/*.test.ts", "**/*.test.tsx"], exclude: ignored },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.itest.ts"],
          exclude: ignored,
          globalSetup: ["./scripts/testing/test-services.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Files take turns: they measure deadlines and kill processes, and on a small machine a
          // neighbour's load would make those tests lie.
          maxWorkers: 1,
        },
      },
    ],
  },
});
