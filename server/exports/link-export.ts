import { Refusal } from "#server/core/refusals.ts";
import { type ExportFacts, loadExport } from "#server/exports/export-repository.ts";
import { mayDo, type OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** How long a link works. */
const linkMs = 10 * 60 * 1_000;

/** What a link signs: of what, for whom, until when. */
export const linkText = (link: Readonly<{ exportId: string; operatorId: string; untilMs: number }>) =>
  `export:${link.exportId}:${link.operatorId}:${link.untilMs}`;

/**
 * Makes a link to a finished file that works for ten minutes and for the one who asked for the export, in whose session
 * it is used. Refuses as `findFile`.
 */
export async function linkExport(
  ctx: Pick<Context, "sql" | "now" | "keys">,
  {
    exportId,
    operator,
  }: Readonly<{ exportId: string; operator: Readonly<{ id: string; role: OperatorRole }> }>,
): Promise<{ href: string; until: Date }> {
  await findFile(ctx, { exportId, operator });
  const untilMs = ctx.now().getTime() + linkMs;
  const signature = ctx.keys.signLink(linkText({ exportId, operatorId: operator.id, untilMs }));
  return {
    href: `/api/console/exports/${exportId}?until=${untilMs}&signature=${signature}`,
    until: new Date(untilMs),
  };
}

/**
 * One's own export whose file is there. Refuses with NOT_FOUND what is not there or is another's, with FORBIDDEN_SCOPE who
 * may not have such a file any more, and with EXPORT_FILE_NOT_THERE one that is not made yet or is deleted.
 */
export async function findFile(
  ctx: Readonly<{ sql: Sql; now: () => Date }>,
  {
    exportId,
    operator,
  }: Readonly<{ exportId: string; operator: Readonly<{ id: string; role: OperatorRole }> }>,
): Promise<ExportFacts & Readonly<{ storedName: string; byteCount: bigint }>> {
  const found = await loadExport(ctx.sql, exportId, { isLocked: false });
  if (!found || found.requestedBy !== operator.id) throw new Refusal("NOT_FOUND");
  const mayHave =
    mayDo(operator.role, "export:make") && (found.isMasked || mayDo(operator.role, "export:unmask"));
  if (!mayHave) throw new Refusal("FORBIDDEN_SCOPE");
  const { state, storedName, byteCount, expiresAt } = found;
  if (state !== "DONE" || storedName === null || byteCount === null || !expiresAt || expiresAt <= ctx.now())
    throw new Refusal("EXPORT_FILE_NOT_THERE", { state });
  return { ...found, storedName, byteCount };
}
