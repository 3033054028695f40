import { setTimeout as sleep } from "node:timers/promises";
import { verifyNow } from "#server/integrity/verify-integrity.ts";
import { readEnv } from "#server/platform/env.ts";
import { openRuntime, type Runtime } from "#server/platform/runtime.ts";
import type { Check } from "./referee.ts";
import type { Platform } from "./start-platform.ts";

/** Does something with the platform's own code, past the links, as a person at its console would. */
export async function asPlatform<T>(
  { env, databaseUrl }: Platform,
  work: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const runtime = openRuntime(
    "paydeck-worker",
    readEnv({ ...env, DATABASE_URL: databaseUrl, LOG_LEVEL: "fatal" }),
  );
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

const patienceMs = 120_000;

export type Verified = Readonly<{
  check: Check;
  /** What the platform's verifier said while faults were on, by invariant; all of it was gone by the end or is in `check`. */
  saidMeanwhile: Readonly<Record<string, number>>;
}>;

/** Lets the platform look at all of its books itself: a second referee that knows nothing of the malls. */
export function askOwnVerifier(platform: Platform): Promise<Verified> {
  return asPlatform(platform, async (runtime) => {
    const deadline = Date.now() + patienceMs;
    // The worker's own runs come first.
    while ((await verifyNow(runtime, "FULL")) !== "finished") {
      if (Date.now() > deadline) throw new Error("the verifier did not come to an end");
      await sleep(500);
    }
    const rows = <Row>(text: string) => runtime.reports.run<Row>({ name: "", text }, []);
    const open = await rows<{
      invariant: string;
      part: string;
      subject: string;
      expected: string;
      found: string;
    }>(
      `SELECT invariant, part, subject_id AS subject, expected, found FROM integrity_finding WHERE cleared_at IS NULL ORDER BY id`,
    );
    const seen = await rows<{ name: string; count: number }>(
      `SELECT invariant || ' ' || part AS name, count(*)::int AS count FROM integrity_finding GROUP BY 1 ORDER BY 1`,
    );
    const [last] = await rows<{ checked: number }>(
      `SELECT payments_checked AS checked FROM integrity_run WHERE kind = 'FULL' AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1`,
    );
    return {
      saidMeanwhile: Object.fromEntries(seen.map(({ name, count }) => [name, count])),
      check: {
        name: "the platform's own verifier finds every invariant to hold",
        cases: last?.checked ?? 0,
        passed: open.length === 0 && last !== undefined,
        findings: open.map(({ invariant, part, subject, expected, found }) => ({
          subject,
          says: `${invariant} ${part}: expected ${expected}, found ${found}`,
        })),
      },
    };
  });
}
