import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "#scripts/services/run-command.ts";

const root = join(import.meta.dirname, "../..");

/** One deliberate misstep per rule: a file, what it imports, and the rule that must say no. */
const missteps: ReadonlyArray<readonly [rule: string, file: string, text: string]> = [
  ["no-circles", "server/core/a.ts", `import "#server/core/b.ts";`],
  ["imports-resolve", "server/core/c.ts", `import "#server/core/absent.ts";`],
  ["server-knows-no-caller", "server/malls/calls-out.ts", `import "#workers/job.ts";`],
  ["repositories-are-private", "server/malls/peek.ts", `import "#server/payments/payment-repository.ts";`],
  ["outside-meets-no-repository", "workers/job.ts", `import "#server/payments/payment-repository.ts";`],
  ["routers-are-private", "server/malls/reroute.ts", `import "#server/payments/payment-router.ts";`],
  ["module-insides-are-private", "server/malls/inside.ts", `import "#server/payments/inner/part.ts";`],
  ["domain-is-pure", "server/payments/domain/clock.ts", `import "#server/platform/db.ts";`],
  ["core-is-pure", "server/core/disk.ts", `import "node:fs";`],
  ["components-see-types-only", "components/payments/screen.tsx", `import "#server/payments/use-case.ts";`],
  ["a-screen-brings-one-language", "components/payments/words.tsx", `import "#components/i18n/ko.ts";`],
  ["sql-in-repositories", "server/malls/sql.ts", `import "pg";`],
  ["queues-behind-the-outbox", "server/malls/queue.ts", `import "bullmq";`],
  ["sandbox-stays-outside", "server/malls/cheat.ts", `import "#server/van/sandbox/main.ts";`],
  ["nothing-runs-on-tests", "workers/uses-test.ts", `import "#server/testing/helper.ts";`],
];

const allowed: ReadonlyArray<readonly [file: string, text: string]> = [
  ["server/core/b.ts", `import "#server/core/a.ts";`],
  ["server/platform/db.ts", `import "pg";`],
  ["server/payments/payment-repository.ts", `import "pg";`],
  ["server/payments/payment-router.ts", `import "#server/payments/use-case.ts";`],
  ["server/payments/use-case.ts", `import "#server/payments/payment-repository.ts";`],
  ["server/payments/payment.schemas.ts", "export const shape = 1;"],
  ["server/payments/payment.values.ts", "export const most = 1;"],
  ["server/payments/inner/part.ts", "export const part = 1;"],
  ["server/trpc/root.ts", `import "#server/payments/payment-router.ts";`],
  ["server/van/sandbox/main.ts", "export const van = 1;"],
  ["server/testing/helper.ts", `import "#server/van/sandbox/main.ts";`],
  ["components/i18n/ko.ts", "export const ko = {};"],
  [
    "components/payments/form.tsx",
    `import "#server/payments/payment.schemas.ts"; import "#server/payments/payment.values.ts";`,
  ],
  ["components/payments/typed.tsx", `import type {} from "#server/payments/use-case.ts";`],
  ["app/page.tsx", `import "#server/payments/use-case.ts"; import "#components/payments/form.tsx";`],
];

type Violation = Readonly<{ rule: { name: string }; from: string }>;
let violations: readonly Violation[];
let copy: string;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "paydeck-boundaries-"));
  for (const [file, text] of [...allowed, ...missteps.map(([, file, text]) => [file, text] as const)]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), `${text}\nexport {};\n`);
  }
  const imports = Object.fromEntries(
    ["app", "components", "prisma", "scripts", "server", "workers"].map((name) => [
      `#${name}/*`,
      `./${name}/*`,
    ]),
  );
  writeFileSync(join(copy, "package.json"), JSON.stringify({ type: "module", imports }));
  writeFileSync(join(copy, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.json") }));
  for (const name of ["pg", "bullmq"]) {
    mkdirSync(join(copy, "node_modules", name), { recursive: true });
    writeFileSync(
      join(copy, "node_modules", name, "package.json"),
      JSON.stringify({ name, main: "index.js" }),
    );
    writeFileSync(join(copy, "node_modules", name, "index.js"), "");
  }
  const { stdout, stderr } = await runCommand(
    process.execPath,
    [
      join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs"),
      ...["app", "components", "server", "workers"],
      ...["--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "--no-progress"],
    ],
    { cwd: copy },
  );
  expect(stderr).toBe("");
  violations = JSON.parse(stdout).summary.violations;
}, 60_000);

afterAll(() => rmSync(copy, { recursive: true }));

test.each(missteps)("%s is broken by %s", (rule, file) => {
  expect(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)).toContain(rule);
});

test("what the rules allow is not reported", () => {
  const innocent = new Set(allowed.map(([file]) => file));
  const reported = violations.filter(({ from, rule }) => innocent.has(from) && rule.name !== "no-circles");
  expect(reported).toEqual([]);
});

test("every rule has a misstep here", async () => {
  const { default: config } = await import(join(root, ".dependency-cruiser.cjs"));
  const names = config.forbidden.map(({ name }: { name: string }) => name);
  expect(missteps.map(([rule]) => rule).toSorted()).toEqual(names.toSorted());
});
