import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { type ByOperator, recordEndpointChange } from "#server/webhooks/record-endpoint-change.ts";
import {
  loadEndpoint,
  lockEndpointsOfMall,
  pauseEndpoint as pauseRow,
  resumeEndpoint as resumeRow,
} from "#server/webhooks/webhook-repository.ts";

type Switch = Readonly<{ mallId: string; endpointId: string; by: ByOperator & Readonly<{ reason: string }> }>;

/** `changed` is false when it was so already. */
export type EndpointSwitched = Readonly<{ changed: boolean }>;

/**
 * Sends nothing more to an endpoint until `resumeEndpoint`: events that happen meanwhile are not owed to it, and what is
 * still owed is given up when its next try is due. The mall sees the reason. Audited. Throws `NOT_FOUND`.
 */
export function pauseEndpoint(ctx: Pick<Context, "sql" | "now">, command: Switch): Promise<EndpointSwitched> {
  const { endpointId, by } = command;
  return switchEndpoint(ctx, command, "paused", (sql) =>
    pauseRow(sql, endpointId, by.reason, ctx.now(), by.actor.id),
  );
}

/** Sends to an endpoint again, from the next event on. Audited. Throws `NOT_FOUND`. */
export function resumeEndpoint(
  ctx: Pick<Context, "sql" | "now">,
  command: Switch,
): Promise<EndpointSwitched> {
  return switchEndpoint(ctx, command, "resumed", (sql) => resumeRow(sql, command.endpointId, ctx.now()));
}

async function switchEndpoint(
  ctx: Pick<Context, "sql">,
  { mallId, endpointId, by }: Switch,
  action: "paused" | "resumed",
  change: (sql: Sql) => Promise<boolean>,
): Promise<EndpointSwitched> {
  return ctx.sql.transaction(async (sql) => {
    await lockEndpointsOfMall(sql, mallId);
    if (!(await loadEndpoint(sql, mallId, endpointId))) throw new Refusal("NOT_FOUND");
    if (!(await change(sql))) return { changed: false };
    await recordEndpointChange(sql, { mallId, endpointId, action, by });
    return { changed: true };
  });
}
