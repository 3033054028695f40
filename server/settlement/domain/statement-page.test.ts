import { expect, test } from "vitest";
import { noSums, type Statement, type StatementLine } from "#server/settlement/domain/statement.ts";
import { statementFileName, statementMail } from "#server/settlement/domain/statement-mail.ts";
import { frameOf, layFoot, layHead, layTable, type Mark } from "#server/settlement/domain/statement-page.ts";
import {
  type LaidPage,
  layPages,
  type Measure,
  paper,
  planTable,
} from "#server/settlement/domain/statement-table.ts";
import { statementLanguages, statementWords } from "#server/settlement/domain/statement-words.ts";

const measure: Measure = (text, weight, sizePt) => text.length * sizePt * (weight === "bold" ? 0.62 : 0.6);

const lines: readonly StatementLine[] = Array.from({ length: 90 }, (_, index) => ({
  lineNo: index + 1,
  kind: index === 89 ? "ADJUSTMENT" : "APPROVAL",
  eventDate: "2026-11-20",
  reference: `HB20261120-${index + 1}`,
  amountMinor: index === 89 ? 0n : 10_000n,
  feeMinor: index === 89 ? 0n : -220n,
  feeVatMinor: index === 89 ? 0n : -22n,
  netMinor: index === 89 ? -1_500n : 9_758n,
}));
const statement: Statement = {
  settlementId: "stl_20261120_TEST_CARD",
  mall: { id: "mall_TEST", name: "한빛서점", businessNumber: "120-81-00001" },
  issuer: { name: "Paydeck", businessNumber: "000-80-00001", contact: null },
  method: "CARD",
  fromDate: "2026-11-18",
  businessDate: "2026-11-20",
  payoutDate: "2026-11-24",
  standing: "PLANNED",
  lineCount: 90,
  approvalCount: 89,
  approvalMinor: 890_000n,
  cancelCount: 0,
  cancelMinor: 0n,
  feeMinor: 19_580n,
  feeVatMinor: 1_958n,
  adjustmentMinor: -1_500n,
  netMinor: 866_962n,
  carriedInMinor: -6_962n,
  payoutMinor: 860_000n,
  carriedOutMinor: 0n,
  hash: "ab".repeat(32),
  issuedAt: new Date("2026-11-23T23:30:00Z"),
};

async function paperOf(of: Statement, language: "ko" | "en"): Promise<readonly (readonly Mark[])[]> {
  const words = statementWords[language];
  const plan = planTable(
    {
      lineCount: of.lineCount,
      widest: { ...noSums, amountMinor: 890_000n, netMinor: 890_000n, feeMinor: 19_580n },
      heads: words.heads,
      kinds: Object.values(words.kinds),
    },
    measure,
  );
  const head = layHead(of, language, measure);
  async function* all() {
    yield lines;
  }
  const pages: LaidPage[] = [];
  for await (const page of layPages(all(), plan, frameOf(head.endPt, plan), measure)) pages.push(page);
  return pages.map((page) => [
    ...(page.number === 1 ? head.marks : []),
    ...layTable(page, of, language, plan),
    ...layFoot(of, language, { number: page.number, count: pages.length }),
  ]);
}
const textsOf = (marks: readonly Mark[]) =>
  marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));

test.each(statementLanguages)("every page has its heads, its sums and its foot (%s)", async (language) => {
  const words = statementWords[language];
  const pages = await paperOf(statement, language);
  expect(pages.length).toBeGreaterThan(2);
  for (const [index, marks] of pages.entries()) {
    const texts = textsOf(marks);
    for (const head of Object.values(words.heads)) expect(texts).toContain(head);
    expect(texts.some((text) => text.startsWith(words.pageSum(0).split("0")[0] ?? "?"))).toBe(true);
    expect(texts).toContain(`${index + 1} / ${pages.length}`);
    expect(texts).toContain(`${words.hash} ${statement.hash}`);
    // 23:30 UTC is the next morning in Seoul.
    expect(texts.some((text) => text.includes("2026-11-24 08:30:00"))).toBe(true);
    expect(texts.includes(words.totalSum(90))).toBe(index === pages.length - 1);
    expect(texts.includes(words.notATaxDocument)).toBe(index === pages.length - 1);
  }
});

test("the first page says who, of what and what is paid; totals come before lines", async () => {
  const [first = []] = await paperOf(statement, "ko");
  const texts = textsOf(first);
  for (const text of ["정산내역서", "한빛서점 귀중", "120-81-00001", "Paydeck", "000-80-00001", "860,000원"])
    expect(texts).toContain(text);
  for (const text of ["−19,580", "−1,958", "−1,500", "−6,962", "866,962", "2026-11-24"])
    expect(texts).toContain(text);
  expect(texts.indexOf("합계")).toBeLessThan(texts.indexOf("HB20261120-1"));
});

test("nothing is drawn outside the page or into the foot", async () => {
  for (const language of statementLanguages)
    for (const marks of await paperOf(statement, language))
      for (const mark of marks)
        if (mark.kind === "text") {
          const widthPt = measure(mark.text, mark.weight, mark.sizePt);
          const leftPt = mark.align === "left" ? mark.xPt : mark.xPt - widthPt;
          expect(leftPt, mark.text).toBeGreaterThanOrEqual(paper.leftPt - 0.01);
          expect(mark.baselinePt, mark.text).toBeLessThan(paper.heightPt - 20);
        }
});

test("an adjustment says its net only", async () => {
  const last = textsOf((await paperOf(statement, "ko")).at(-1) ?? []);
  expect(last.filter((text) => text === "–")).toHaveLength(3);
});

test("what is withheld or paid says so", async () => {
  const [withheld = []] = await paperOf({ ...statement, standing: "WITHHELD" }, "ko");
  expect(textsOf(withheld)).toContain("지급 보류");
  expect(textsOf(withheld)).not.toContain("2026-11-24");
  const [paid = []] = await paperOf({ ...statement, standing: "PAID" }, "ko");
  expect(textsOf(paid)).toContain("지급일");
  expect(textsOf(paid)).toContain("지급 완료");
});

test("a file's name has mall, date and method, and nothing that a header or a folder would misread", () => {
  expect(statementFileName(statement, "ko").full).toBe("정산내역서_한빛서점_2026-11-20_카드.pdf");
  expect(statementFileName(statement, "en").full).toBe("Settlement_statement_한빛서점_2026-11-20_Card.pdf");
  const named = (name: string) =>
    statementFileName({ ...statement, mall: { ...statement.mall, name } }, "ko");
  expect(named('../a"b\r\nc*d').full).toBe("정산내역서_.._a_b_c_d_2026-11-20_카드.pdf");
  expect(named("\u202Egnp.🎁").full).toBe("정산내역서_gnp.🎁_2026-11-20_카드.pdf");
  expect(named("///").full).toBe("정산내역서_2026-11-20_카드.pdf");
  expect(named("가".repeat(200)).full.length).toBeLessThan(100);
  expect(named("한빛").ascii).toBe("paydeck-statement-20261120-card.pdf");
});

test("a mail says what is paid and when, and which file comes with it", () => {
  const { subject, body } = statementMail(statement, "ko");
  expect(subject).toBe("[Paydeck] 한빛서점 2026-11-18 – 2026-11-20 정산내역서");
  for (const line of [
    "- 지급액: 860,000원",
    "- 앞 정산에서 이월: −6,962원",
    "- 지급 예정일: 2026-11-24",
    "- 첨부: 정산내역서_한빛서점_2026-11-20_카드.pdf",
  ])
    expect(body.split("\n")).toContain(line);
  expect(statementMail(statement, "en").body).toContain("- Payout: ₩860,000");
  expect(statementMail(statement, "en").body).toContain("−₩6,962");
});
