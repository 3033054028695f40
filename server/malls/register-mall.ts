import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { insertMall } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Route } from "#server/van/route-to-van.ts";
import { readAllVanSettings } from "#server/van/van-queries.ts";

export type RegisterMall = Omit<MallCommand, "mallId"> &
  Readonly<{ name: string; businessNumber: string; routes: readonly Route[] }>;

/**
 * Registers a mall with the VANs its approvals go to. It has no key yet, so nothing can be paid there before one is issued.
 * Audited. Throws `INVALID_REQUEST` for a VAN that is not there.
 */
export async function registerMall(
  ctx: Pick<Context, "sql" | "ids">,
  { name, businessNumber, routes, actor, traceId }: RegisterMall,
): Promise<{ mallId: string }> {
  const vans = await readAllVanSettings(ctx.sql);
  if (routes.some(({ vanCode }) => !vans.has(vanCode)))
    throw new Refusal("INVALID_REQUEST", { field: "routes" });
  const mallId = ctx.ids.newId("mall");
  await ctx.sql.transaction(async (sql) => {
    await insertMall(sql, { id: mallId, name, businessNumber, routes });
    await recordAudit(sql, {
      actor,
      action: "mall.registered",
      target: { type: "mall", id: mallId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        traceId,
        mallName: name,
        businessNumber,
        routes: routes.map(({ vanCode, weight }) => `${vanCode} ${weight}`).join(", "),
      },
    });
  });
  return { mallId };
}
