import { type LineSums, type Statement, sumsOfStatement } from "#server/settlement/domain/statement.ts";
import {
  amountText,
  type ColumnName,
  columnNames,
  type LaidPage,
  type Measure,
  paper,
  type TableFrame,
  type TablePlan,
  type Weight,
  wrapText,
} from "#server/settlement/domain/statement-table.ts";
import { type StatementLanguage, statementWords } from "#server/settlement/domain/statement-words.ts";

/** What is drawn, in points from the top left: texts stand on their baseline, at `xPt` on the side that `align` says. */
export type Mark =
  | Readonly<{
      kind: "text";
      text: string;
      xPt: number;
      baselinePt: number;
      sizePt: number;
      weight: Weight;
      align: "left" | "right";
    }>
  | Readonly<{ kind: "line"; fromPt: number; toPt: number; yPt: number; thicknessPt: number }>
  | Readonly<{ kind: "frame"; leftPt: number; topPt: number; widthPt: number; heightPt: number }>;

const { leftPt, rightPt } = paper;
const bodyPt = 10.5;
const smallPt = 9;
const footPt = 8;
const footTopPt = 790;
/** Where the table begins on a page that is not the first: below one line that names the paper. */
const nextTopPt = 64;
/** The totals stand left, what is paid right. */
const totalsRightPt = 330;
const payoutLeftPt = 352;

const notApplicable = "–";

const put = (
  text: string,
  xPt: number,
  baselinePt: number,
  {
    sizePt = bodyPt,
    weight = "regular",
    align = "left",
  }: Partial<Readonly<{ sizePt: number; weight: Weight; align: "left" | "right" }>> = {},
): Mark => ({ kind: "text", text, xPt, baselinePt, sizePt, weight, align });

const rule = (yPt: number, thicknessPt: number, fromPt: number = leftPt, toPt: number = rightPt): Mark => ({
  kind: "line",
  fromPt,
  toPt,
  yPt,
  thicknessPt,
});

/** `2026-11-18 – 2026-11-20`, or the one date. */
export const datesText = ({
  fromDate,
  businessDate,
}: Pick<Statement, "fromDate" | "businessDate">): string =>
  fromDate === businessDate ? businessDate : `${fromDate} – ${businessDate}`;

const seoulText = (at: Date): string =>
  new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");

/** Everything above the table of the first page: who, of what, and what it comes to. */
export function layHead(
  statement: Statement,
  language: StatementLanguage,
  measure: Measure,
): Readonly<{ marks: readonly Mark[]; endPt: number }> {
  const words = statementWords[language];
  const { issuer, mall } = statement;
  const marks: Mark[] = [
    put(words.title, leftPt, 64, { sizePt: 20, weight: "bold" }),
    put(`${words.period} · ${words.method}`, rightPt, 49, { sizePt: smallPt, align: "right" }),
    put(`${datesText(statement)} · ${words.methods[statement.method]}`, rightPt, 64, {
      weight: "bold",
      align: "right",
    }),
    rule(76, 1.4),
  ];
  const middlePt = (leftPt + rightPt) / 2 + 8;
  const labelPt = 68;
  const party = (
    label: string,
    name: string,
    facts: readonly (readonly [string, string] | null)[],
    xPt: number,
  ) => {
    marks.push(put(label, xPt, 95, { sizePt: smallPt }));
    let y = 112;
    const widthPt = middlePt - leftPt - 16;
    for (const line of wrapText(name, widthPt, (text) => measure(text, "bold", 13))) {
      marks.push(put(line, xPt, y, { sizePt: 13, weight: "bold" }));
      y += 17;
    }
    for (const fact of facts)
      if (fact) {
        marks.push(put(fact[0], xPt, y, { sizePt: smallPt }));
        const lines = wrapText(fact[1], widthPt - labelPt, (text) => measure(text, "regular", smallPt));
        for (const line of lines) {
          marks.push(put(line, xPt + labelPt, y, { sizePt: smallPt }));
          y += 14.5;
        }
      }
    return y;
  };
  const partiesEndPt = Math.max(
    party(
      words.mall,
      words.addressee(mall.name),
      [
        [words.businessNumber, mall.businessNumber],
        [words.mallId, mall.id],
      ],
      leftPt,
    ),
    party(
      words.issuer,
      issuer.name,
      [
        issuer.businessNumber === null ? null : [words.businessNumber, issuer.businessNumber],
        issuer.contact === null ? null : [words.contact, issuer.contact],
      ],
      middlePt,
    ),
  );
  const totalsTopPt = partiesEndPt + 4;
  marks.push(rule(totalsTopPt - 6, 0.5));
  const totals = layTotals(statement, language, totalsTopPt + 14);
  const box = layPayout(statement, language, totalsTopPt + 14, measure);
  marks.push(...totals.marks, ...box.marks);
  const endPt = Math.max(totals.endPt, box.endPt) + 28;
  marks.push(
    put(words.lines, leftPt, endPt - 7, { sizePt: 12, weight: "bold" }),
    put(words.linesRemark(statement.lineCount), rightPt, endPt - 7, { sizePt: smallPt, align: "right" }),
  );
  return { marks, endPt };
}

/** The sum from what was sold to what is paid, each line with its sign. */
function layTotals(s: Statement, language: StatementLanguage, topPt: number) {
  const words = statementWords[language];
  const lines: readonly (readonly [string, bigint, "sum"?])[] = [
    [words.approvals(s.approvalCount), s.approvalMinor],
    [words.cancels(s.cancelCount), s.cancelMinor],
    [words.fee, -s.feeMinor],
    [words.feeVat, -s.feeVatMinor],
    [words.adjustments, s.adjustmentMinor],
    [words.net, s.netMinor, "sum"],
    [words.carriedIn, s.carriedInMinor],
    ...(s.carriedOutMinor === 0n ? [] : [[words.carriedOut, -s.carriedOutMinor] as const]),
    [words.payout, s.payoutMinor, "sum"],
  ];
  const marks: Mark[] = [
    put(words.totals, leftPt, topPt, { sizePt: 12, weight: "bold" }),
    put(words.unit, totalsRightPt, topPt, { sizePt: smallPt, align: "right" }),
    rule(topPt + 7, 0.9, leftPt, totalsRightPt),
  ];
  let y = topPt + 7;
  for (const [name, amountMinor, sum] of lines) {
    const weight = sum ? "bold" : "regular";
    if (sum) marks.push(rule(y, 0.6, leftPt, totalsRightPt));
    y += 18.5;
    marks.push(
      put(name, leftPt, y - 5.5, { weight }),
      put(amountText(amountMinor), totalsRightPt, y - 5.5, { weight, align: "right" }),
    );
    if (!sum) marks.push(rule(y, 0.2, leftPt, totalsRightPt));
  }
  marks.push(rule(y, 0.9, leftPt, totalsRightPt));
  return { marks, endPt: y };
}

/** What is paid and when: what the addressee looks for first. */
function layPayout(statement: Statement, language: StatementLanguage, topPt: number, measure: Measure) {
  const words = statementWords[language];
  const { standing } = statement;
  const amount = words.money(amountText(statement.payoutMinor));
  const insetPt = 14;
  const roomPt = rightPt - payoutLeftPt - 2 * insetPt;
  const sizePt = Math.min(22, (22 * roomPt) / measure(amount, "bold", 22));
  const xPt = payoutLeftPt + insetPt;
  const endPt = rightPt - insetPt;
  const boxTopPt = topPt - 9;
  const marks: Mark[] = [
    put(words.payout, xPt, boxTopPt + 22),
    put(amount, endPt, boxTopPt + 50, { sizePt, weight: "bold", align: "right" }),
    rule(boxTopPt + 62, 0.2, xPt, endPt),
  ];
  let y = boxTopPt + 79;
  const facts: readonly (readonly [string, string])[] = [
    [words.payoutDates[standing], standing === "WITHHELD" ? words.withheldDate : statement.payoutDate],
    [words.state, words.standings[standing]],
  ];
  for (const [name, value] of facts) {
    marks.push(put(name, xPt, y), put(value, endPt, y, { weight: "bold", align: "right" }));
    y += 17;
  }
  const heightPt = y - 4 - boxTopPt;
  marks.push({
    kind: "frame",
    leftPt: payoutLeftPt,
    topPt: boxTopPt,
    widthPt: rightPt - payoutLeftPt,
    heightPt,
  });
  return { marks, endPt: boxTopPt + heightPt };
}

/** Where the table of this statement may stand, given where its head ends. */
export function frameOf(headEndPt: number, plan: TablePlan): TableFrame {
  return { firstTopPt: headEndPt, nextTopPt, tailHeightPt: plan.sumHeightPt + 46 };
}

/** The table of one page with its heads and sums; on the last page also the total of all and the closing words. */
export function layTable(
  page: LaidPage,
  statement: Statement,
  language: StatementLanguage,
  plan: TablePlan,
): Mark[] {
  const words = statementWords[language];
  const marks: Mark[] = [];
  if (page.number > 1)
    marks.push(
      put(`${words.title} · ${statement.mall.name}`, leftPt, 54, { sizePt: smallPt }),
      put(`${datesText(statement)} · ${words.methods[statement.method]}`, rightPt, 54, {
        sizePt: smallPt,
        align: "right",
      }),
    );
  if (page.rows.length === 0) return marks;
  const { sizePt, columns } = plan;
  const cell = (name: ColumnName, text: string, baselinePt: number, weight: Weight = "regular") => {
    const { align } = columns[name];
    const xPt = align === "right" ? columns[name].rightPt : columns[name].leftPt;
    marks.push(put(text, xPt, baselinePt, { sizePt, weight, align }));
  };
  const sums = (topPt: number, label: string, of: LineSums) => {
    const baselinePt = topPt + plan.sumHeightPt * 0.5 + sizePt * 0.36;
    marks.push(put(label, leftPt, baselinePt, { sizePt, weight: "bold" }));
    cell("amount", amountText(of.amountMinor), baselinePt, "bold");
    cell("fee", amountText(of.feeMinor), baselinePt, "bold");
    cell("feeVat", amountText(of.feeVatMinor), baselinePt, "bold");
    cell("net", amountText(of.netMinor), baselinePt, "bold");
  };

  marks.push(rule(page.topPt, 0.9), rule(page.topPt + plan.headHeightPt, 0.6));
  for (const name of columnNames)
    cell(name, words.heads[name], page.topPt + plan.headHeightPt * 0.5 + sizePt * 0.36, "bold");
  for (const { line, topPt, heightPt, reference } of page.rows) {
    const baselinePt = topPt + plan.rowHeightPt * 0.5 + sizePt * 0.36;
    cell("no", amountText(BigInt(line.lineNo)), baselinePt);
    cell("eventDate", line.eventDate, baselinePt);
    cell("kind", words.kinds[line.kind], baselinePt);
    for (const [index, text] of reference.entries())
      cell("reference", text, baselinePt + index * sizePt * 1.2);
    const isAdjustment = line.kind === "ADJUSTMENT";
    cell("amount", isAdjustment ? notApplicable : amountText(line.amountMinor), baselinePt);
    cell("fee", isAdjustment ? notApplicable : amountText(line.feeMinor), baselinePt);
    cell("feeVat", isAdjustment ? notApplicable : amountText(line.feeVatMinor), baselinePt);
    cell("net", amountText(line.netMinor), baselinePt);
    if (topPt + heightPt < page.endPt - 0.01) marks.push(rule(topPt + heightPt, 0.2));
  }
  marks.push(rule(page.endPt, 0.6));
  sums(page.endPt, words.pageSum(page.rows.length), page.sums);
  let y = page.endPt + plan.sumHeightPt;
  marks.push(rule(y, page.isLast ? 0.6 : 0.9));
  if (page.isLast) {
    sums(y, words.totalSum(statement.lineCount), sumsOfStatement(statement));
    y += plan.sumHeightPt;
    marks.push(
      rule(y, 1.4),
      put(words.closing[statement.standing], leftPt, y + 19, { sizePt: smallPt }),
      put(words.notATaxDocument, leftPt, y + 33, { sizePt: smallPt }),
    );
  }
  return marks;
}

/** What every page ends with: which settlement, when it was issued, over which content, and where in the whole it stands. */
export function layFoot(
  statement: Statement,
  language: StatementLanguage,
  place: Readonly<{ number: number; count: number }>,
): Mark[] {
  const words = statementWords[language];
  return [
    rule(footTopPt, 0.4),
    put(
      `${words.settlementId} ${statement.settlementId} · ${words.issued(seoulText(statement.issuedAt))}`,
      leftPt,
      footTopPt + 13,
      { sizePt: footPt },
    ),
    put(`${words.hash} ${statement.hash}`, leftPt, footTopPt + 24, { sizePt: footPt }),
    put(`${place.number} / ${place.count}`, rightPt, footTopPt + 14, { weight: "bold", align: "right" }),
  ];
}
