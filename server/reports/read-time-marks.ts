import { type IncidentMark, readIncidentMarks } from "#server/incidents/incident-queries.ts";
import type { Context } from "#server/platform/context.ts";
import { type ProcessRole, readProcessStarts } from "#server/platform/liveness.ts";

/** What happened beside the payments, to be marked on charts over time. */
export type TimeMarks = Readonly<{
  /** Processes that were started together: a deploy, or a restart. */
  deploys: readonly Readonly<{ at: Date; roles: readonly ProcessRole[] }>[];
  incidents: readonly IncidentMark[];
}>;

/** Processes that start within this time of each other were started together. */
const togetherMs = 60_000;

/** The deploys and incidents of a period, from `from` (inclusive) to `to` (exclusive). */
export async function readTimeMarks(
  ctx: Pick<Context, "reports" | "db">,
  { from, to }: Readonly<{ from: Date; to: Date }>,
): Promise<TimeMarks> {
  const [starts, incidents] = await Promise.all([
    readProcessStarts(ctx.reports, from, to),
    readIncidentMarks(ctx.db, from, to),
  ]);
  const deploys: { at: Date; roles: ProcessRole[] }[] = [];
  for (const { role, startedAt } of starts) {
    const last = deploys.at(-1);
    if (!last || startedAt.getTime() - last.at.getTime() > togetherMs)
      deploys.push({ at: startedAt, roles: [role] });
    else if (!last.roles.includes(role)) last.roles.push(role);
  }
  return { deploys, incidents };
}
