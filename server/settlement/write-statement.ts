import { setImmediate as nextTurn } from "node:timers/promises";
import PDFDocument from "pdfkit";
import { assert } from "#server/core/assert.ts";
import type { Context } from "#server/platform/context.ts";
import {
  addSums,
  isSameSums,
  type LineSums,
  noSums,
  type Statement,
  sumsOfStatement,
} from "#server/settlement/domain/statement.ts";
import {
  datesText,
  frameOf,
  layFoot,
  layHead,
  layTable,
  type Mark,
} from "#server/settlement/domain/statement-page.ts";
import {
  layPages,
  type Measure,
  paper,
  planTable,
  type TablePlan,
} from "#server/settlement/domain/statement-table.ts";
import { type StatementLanguage, statementWords } from "#server/settlement/domain/statement-words.ts";
import { loadStatementFonts } from "#server/settlement/statement-fonts.ts";
import { readStatementLines } from "#server/settlement/statement-queries.ts";

/** More rows than a page ever has: what a page adds up to is no wider than so many of the largest. */
const rowsPerPageMax = 60n;

type Asked = Readonly<{
  statement: Statement;
  largest: LineSums;
  whole: LineSums;
  language: StatementLanguage;
  /** Tests read the file without inflating it first. */
  compress?: boolean;
}>;

/**
 * Writes the statement of a settlement as a PDF, a page at a time: what it takes in memory does not grow with the lines,
 * which are read twice, once to count the pages. The same statement gives the same bytes. Should the lines come to
 * something else than `readStatement` found, it breaks off, and what was sent is no PDF.
 */
export async function* writeStatement(
  { reports }: Pick<Context, "reports">,
  { statement, largest, whole, language, compress = true }: Asked,
): AsyncGenerator<Uint8Array> {
  const { fonts, measure } = await loadStatementFonts();
  const plan = planOf({ statement, largest, whole, language }, measure);
  const head = layHead(statement, language, measure);
  const layAll = () =>
    layPages(readStatementLines(reports, statement.settlementId), plan, frameOf(head.endPt, plan), measure);
  let count = 0;
  for await (const { number } of layAll()) count = number;

  const pdf = new PDFDocument({
    autoFirstPage: false,
    compress,
    // None until ours: pdfkit would read one of its own.
    font: "",
    fontLayoutCache: false,
    pdfVersion: "1.7",
    size: [paper.widthPt, paper.heightPt],
    margin: 0,
    lang: language === "ko" ? "ko-KR" : "en-US",
    displayTitle: true,
    info: infoOf(statement, language),
  } as PDFKit.PDFDocumentOptions);
  for (const weight of ["regular", "bold"] as const)
    pdf.registerFont(weight, fonts[weight] as unknown as PDFKit.Mixins.PDFFontSource);

  let sums = noSums;
  let drawn = 0;
  for await (const page of layAll()) {
    sums = addSums(sums, page.sums);
    drawn = page.number;
    pdf.addPage();
    if (page.number === 1) draw(pdf, head.marks, measure);
    draw(pdf, layTable(page, statement, language, plan), measure);
    draw(pdf, layFoot(statement, language, { number: page.number, count }), measure);
    const bytes = pdf.read() as Uint8Array | null;
    if (bytes) yield bytes;
    // Whoever pays in the meantime does not wait for the whole of a long paper.
    await nextTurn();
  }
  assert(
    drawn === count && isSameSums(sums, sumsOfStatement(statement)),
    "what is drawn is what was added up",
  );
  pdf.end();
  for (let bytes = pdf.read(); bytes !== null; bytes = pdf.read()) yield bytes as Uint8Array;
}

function planOf(
  { statement, largest, whole, language }: Omit<Asked, "compress">,
  measure: Measure,
): TablePlan {
  const { heads, kinds } = statementWords[language];
  const totals = sumsOfStatement(statement);
  const widestOf = (column: keyof LineSums) => {
    const ofPage = largest[column] * rowsPerPageMax;
    const total = totals[column] < 0n ? -totals[column] : totals[column];
    const page = ofPage < whole[column] ? ofPage : whole[column];
    return total > page ? total : page;
  };
  return planTable(
    {
      lineCount: statement.lineCount,
      widest: {
        amountMinor: widestOf("amountMinor"),
        feeMinor: widestOf("feeMinor"),
        feeVatMinor: widestOf("feeVatMinor"),
        netMinor: widestOf("netMinor"),
      },
      heads,
      kinds: Object.values(kinds),
    },
    measure,
  );
}

/** What a mail program or an archive shows of the file without opening it. */
function infoOf(statement: Statement, language: StatementLanguage) {
  const words = statementWords[language];
  return {
    Title: words.subject(statement.mall.name, datesText(statement)),
    Author: statement.issuer.name,
    Subject: `${words.settlementId} ${statement.settlementId}`,
    Creator: "Paydeck",
    CreationDate: statement.issuedAt,
  };
}

function draw(pdf: PDFKit.PDFDocument, marks: readonly Mark[], measure: Measure): void {
  for (const mark of marks)
    if (mark.kind === "text") {
      const { text, weight, sizePt, align, baselinePt } = mark;
      const widthPt = align === "right" ? measure(text, weight, sizePt) : 0;
      pdf
        .font(weight)
        .fontSize(sizePt)
        .text(text, mark.xPt - widthPt, baselinePt, {
          lineBreak: false,
          baseline: "alphabetic",
          // Asked for here too: without any, pdfkit would take the text apart to remember its words.
          features: ["tnum"],
        });
    } else if (mark.kind === "line")
      pdf.lineWidth(mark.thicknessPt).moveTo(mark.fromPt, mark.yPt).lineTo(mark.toPt, mark.yPt).stroke();
    else pdf.lineWidth(0.9).rect(mark.leftPt, mark.topPt, mark.widthPt, mark.heightPt).stroke();
}
