import type { Statement } from "#server/settlement/domain/statement.ts";
import { datesText } from "#server/settlement/domain/statement-page.ts";
import { amountText } from "#server/settlement/domain/statement-table.ts";
import { type StatementLanguage, statementWords } from "#server/settlement/domain/statement-words.ts";

const nameLengthMax = 60;

/**
 * The name of the file: which paper, of whom, of which date and method. What a mall is called may hold anything, so
 * characters that mean something to a file system or a header are left out; `ascii` has none of it.
 */
export function statementFileName(
  { mall, businessDate, method }: Pick<Statement, "mall" | "businessDate" | "method">,
  language: StatementLanguage,
): Readonly<{ full: string; ascii: string }> {
  const words = statementWords[language];
  const name = Array.from(mall.name.replace(/[\p{C}\\/:*?"<>|%]/gu, " "))
    .slice(0, nameLengthMax)
    .join("")
    .trim()
    .replace(/\s+/g, "_");
  const parts = [words.title.replaceAll(" ", "_"), name, businessDate, words.methods[method]];
  return {
    full: `${parts
      .filter((part) => part !== "")
      .join("_")
      .replaceAll(" ", "_")}.pdf`,
    ascii: `paydeck-statement-${businessDate.replaceAll("-", "")}-${method.toLowerCase()}.pdf`,
  };
}

/** A mail that brings the statement: a person pastes it beside the file that they attach. */
export function statementMail(
  statement: Statement,
  language: StatementLanguage,
): Readonly<{ subject: string; body: string }> {
  const words = statementWords[language];
  const { issuer, mall, standing } = statement;
  const dates = datesText(statement);
  const facts: readonly (readonly [string, string])[] = [
    [words.settlementId, statement.settlementId],
    [words.period, dates],
    [words.method, words.methods[statement.method]],
    [words.net, words.money(amountText(statement.netMinor))],
    ...(statement.carriedInMinor === 0n
      ? []
      : [[words.carriedIn, words.money(amountText(statement.carriedInMinor))] as const]),
    ...(statement.carriedOutMinor === 0n
      ? []
      : [[words.carriedOut, words.money(amountText(-statement.carriedOutMinor))] as const]),
    [words.payout, words.money(amountText(statement.payoutMinor))],
    [words.payoutDates[standing], standing === "WITHHELD" ? words.withheldDate : statement.payoutDate],
    [words.mail.attached, statementFileName(statement, language).full],
  ];
  return {
    subject: `[${issuer.name}] ${words.subject(mall.name, dates)}`,
    body: [
      words.mail.greeting(mall.name),
      words.mail.sender(issuer.name),
      "",
      words.mail.lead,
      "",
      ...facts.map(([name, value]) => `- ${name}: ${value}`),
      "",
      words.mail.ask,
      words.mail.thanks,
      "",
      issuer.name,
      ...(issuer.contact === null ? [] : [issuer.contact]),
    ].join("\n"),
  };
}
