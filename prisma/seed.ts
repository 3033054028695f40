/** Fills a fresh database with the demo: `node prisma/seed.ts`. Running it again changes nothing. */
import { BrokenSettings, readEnv } from "#server/platform/env.ts";
import { seedDemo } from "./seed/seed-demo.ts";

try {
  const env = readEnv();
  if (env.NODE_ENV === "production" && !env.PAYDECK_DEMO) {
    throw new BrokenSettings([
      "The demo is not seeded in production; set PAYDECK_DEMO=1 if this database is meant to hold it.",
    ]);
  }
  const startedMs = performance.now();
  const seeded = await seedDemo(env);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  const said = {
    planted: "payments" in seeded ? `${seeded.payments.toLocaleString("en")} payments of thirty days` : "",
    renewed: "demo.json was missing: the demo malls have new keys, the demo operators new passwords",
    refreshed: "demo.json has the present addresses",
    nothing: "nothing to do",
  }[seeded.did];
  process.stdout.write(`${said} (${seconds} s)\n`);
} catch (error) {
  if (!(error instanceof BrokenSettings)) throw error;
  process.stderr.write(`${error.lines.join("\n")}\n`);
  process.exitCode = 1;
}
