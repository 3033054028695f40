import type { Context } from "#server/platform/context.ts";
import { writeCircuits } from "#server/van/van-repository.ts";

/** A process that has VANs, as the console names it. */
export type VanProcess = Readonly<{ id: string; role: "web" | "worker" }>;

const reportEveryMs = 2_000;

/** Writes the circuits of this process to where the console reads those of all: one statement. */
export async function reportVanHealth(
  ctx: Pick<Context, "sql" | "vans">,
  process: VanProcess,
): Promise<void> {
  const vans = [...ctx.vans.values()].map((van) => ({ code: van.code, health: van.health() }));
  if (vans.length > 0) await writeCircuits(ctx.sql, process, vans);
}

/** Reports every two seconds until the returned function is called. Keeps no process alive; says once when the database is away. */
export function startVanReports(ctx: Pick<Context, "sql" | "vans" | "log">, process: VanProcess): () => void {
  let isStopped = false;
  let isFailing = false;
  let isReporting = false;
  const report = async () => {
    if (isReporting) return;
    isReporting = true;
    try {
      await reportVanHealth(ctx, process);
      isFailing = false;
    } catch (error) {
      if (!isStopped && !isFailing)
        ctx.log.warn({ err: error }, "the state of the VANs cannot be reported; tried again");
      isFailing = true;
    } finally {
      isReporting = false;
    }
  };
  void report();
  const timer = setInterval(() => void report(), reportEveryMs);
  timer.unref();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
