import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { operatorRoles } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";

const demoFile = z.object({
  operators: z.array(z.object({ email: z.string(), password: z.string(), role: z.enum(operatorRoles) })),
});

export type DemoOperator = z.infer<typeof demoFile>["operators"][number];

/** The demo's accounts for the sign-in page; none at all outside the demo. A missing or odd file shows none and is logged. */
export async function readDemoOperators({
  env,
  log,
}: Pick<Context, "env" | "log">): Promise<readonly DemoOperator[]> {
  if (!env.PAYDECK_DEMO) return [];
  try {
    const text = await readFile(
      join(/* turbopackIgnore: true */ resolve(env.PAYDECK_DATA_DIR), "demo.json"),
      "utf8",
    );
    return demoFile.parse(JSON.parse(text)).operators;
  } catch (error) {
    log.warn({ err: error }, "the demo accounts cannot be read");
    return [];
  }
}
