import type { Context } from "#server/platform/context.ts";
import { writeCircuits } from "#server/van/van-repository.ts";

/** How often a process tells how it sees its VANs. */
export const vanReportEveryMs = 2_000;

/** Writes the circuits of this process where the console reads those of all: one statement. Call it every `vanReportEveryMs`. */
export async function reportVanHealth(
  ctx: Pick<Context, "sql" | "vans">,
  process: Readonly<{ id: string; role: "web" | "worker" }>,
): Promise<void> {
  const vans = [...ctx.vans.values()].map((van) => ({ code: van.code, health: van.health() }));
  if (vans.length > 0) await writeCircuits(ctx.sql, process, vans);
}
