import { isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import { changeMall } from "#server/malls/change-mall.ts";
import type { ContractTerms } from "#server/malls/mall.schemas.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { insertContract, type LockedMall, loadContractNeighbours } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * Adds a version of what is agreed with a mall for one method. It begins on a business date in the future and holds until
 * the next version; the first version of a method may begin today. Nothing that has begun is ever changed. Audited with the
 * version it follows. Throws `NOT_FOUND`, `INVALID_REQUEST` (`effectiveFrom`) and `CONTRACT_DATE_TAKEN`.
 */
export function addContract(
  ctx: Pick<Context, "sql" | "ids">,
  { terms, ...command }: MallCommand & Readonly<{ terms: ContractTerms }>,
): Promise<{ contractId: string }> {
  const { method, note, ...said } = terms;
  return changeMall(ctx, command, async (sql, mall) => {
    const { before } = await requireAddable(sql, mall, terms);
    const contractId = ctx.ids.newId("contract");
    await insertContract(sql, { ...terms, id: contractId, mallId: mall.id, createdBy: command.actor.id });
    return {
      result: { contractId },
      audit: { action: "mall.contract_added", detail: { contractId, method, note, before, after: said } },
    };
  });
}

/** Throws what `addContract` would refuse with; otherwise says which version the new one follows. */
export async function requireAddable(
  sql: Sql,
  mall: Pick<LockedMall, "id" | "today">,
  terms: ContractTerms,
): Promise<Pick<Awaited<ReturnType<typeof loadContractNeighbours>>, "before">> {
  if (!isBusinessDate(terms.effectiveFrom)) throw new Refusal("INVALID_REQUEST", { field: "effectiveFrom" });
  const { hasAny, isTaken, before } = await loadContractNeighbours(sql, mall.id, terms);
  const isTooEarly = hasAny ? terms.effectiveFrom <= mall.today : terms.effectiveFrom < mall.today;
  if (isTooEarly) throw new Refusal("INVALID_REQUEST", { field: "effectiveFrom" });
  if (isTaken) throw new Refusal("CONTRACT_DATE_TAKEN");
  return { before };
}
