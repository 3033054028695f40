import { assert } from "#server/core/assert.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { LineSums, Statement } from "#server/settlement/domain/statement.ts";
import { statementFileName, statementMail } from "#server/settlement/domain/statement-mail.ts";
import type { StatementLanguage } from "#server/settlement/domain/statement-words.ts";
import { readStatementFacts, type StatementFacts } from "#server/settlement/statement-queries.ts";

type Reads = Pick<Context, "reports" | "env" | "now" | "log">;

/**
 * Reads what the statement of a settlement says, as of now, after adding up its lines.
 *
 * Only what two people confirmed is put on paper (ST-9): a draft may be computed anew tomorrow, and a paper that says
 * "draft" is filed all the same by whoever gets it. So is a settlement whose lines do not come to its totals, or are not
 * those that were confirmed: a wrong paper is worse than none. Throws `NOT_FOUND`, `SETTLEMENT_NOT_CONFIRMED` and
 * `STATEMENT_NOT_CONSISTENT`.
 */
export async function readStatement(
  { reports, env, now, log }: Reads,
  settlementId: string,
): Promise<Readonly<{ statement: Statement; largest: LineSums; whole: LineSums }>> {
  const facts = await readStatementFacts(reports, settlementId);
  if (!facts) throw new Refusal("NOT_FOUND");
  const { status, hash, payoutDate, lines } = facts;
  if (status !== "CONFIRMED" && status !== "PAID_OUT") throw new Refusal("SETTLEMENT_NOT_CONFIRMED");
  assert(hash !== null && payoutDate !== null, "what is confirmed was added up");
  if (!isConsistent(facts)) {
    log.error({ settlementId }, "a confirmed settlement does not say what its lines come to");
    throw new Refusal("STATEMENT_NOT_CONSISTENT");
  }
  return {
    statement: {
      settlementId,
      mall: { id: facts.mallId, name: facts.mallName, businessNumber: facts.businessNumber },
      issuer: {
        name: env.PAYDECK_COMPANY_NAME,
        businessNumber: env.PAYDECK_COMPANY_BUSINESS_NUMBER ?? null,
        contact: env.PAYDECK_COMPANY_CONTACT ?? null,
      },
      method: facts.method,
      fromDate: facts.fromDate,
      businessDate: facts.businessDate,
      payoutDate,
      standing: status === "PAID_OUT" ? "PAID" : facts.isWithheld ? "WITHHELD" : "PLANNED",
      lineCount: facts.lineCount,
      approvalCount: facts.approvalCount,
      approvalMinor: facts.approvalMinor,
      cancelCount: facts.cancelCount,
      cancelMinor: facts.cancelMinor,
      feeMinor: facts.feeMinor,
      feeVatMinor: facts.feeVatMinor,
      adjustmentMinor: facts.adjustmentMinor,
      netMinor: facts.netMinor,
      carriedInMinor: facts.carriedInMinor,
      payoutMinor: facts.payoutMinor,
      carriedOutMinor: facts.carriedOutMinor,
      hash,
      issuedAt: now(),
    },
    largest: lines.largest,
    whole: lines.whole,
  };
}

function isConsistent({ lines, ...s }: StatementFacts): boolean {
  return (
    lines.count === s.lineCount &&
    lines.approvalCount === s.approvalCount &&
    lines.approvalMinor === s.approvalMinor &&
    lines.cancelCount === s.cancelCount &&
    lines.cancelMinor === s.cancelMinor &&
    lines.adjustmentMinor === s.adjustmentMinor &&
    lines.feeMinor === s.feeMinor &&
    lines.feeVatMinor === s.feeVatMinor &&
    lines.netMinor === s.netMinor &&
    lines.hash === s.hash &&
    s.netMinor + s.carriedInMinor === s.payoutMinor + s.carriedOutMinor
  );
}

/**
 * What a person needs to send the statement: the name of its file, whom it is from, and a mail to go with it. Refuses as
 * `readStatement` does, so that nobody opens a sheet for a paper that cannot be made.
 */
export async function describeStatement(
  ctx: Reads,
  { settlementId, language }: Readonly<{ settlementId: string; language: StatementLanguage }>,
) {
  const { statement } = await readStatement(ctx, settlementId);
  return {
    fileName: statementFileName(statement, language).full,
    issuer: statement.issuer,
    mail: statementMail(statement, language),
  };
}
