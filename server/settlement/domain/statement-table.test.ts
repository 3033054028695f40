import { expect, test } from "vitest";
import { addSums, type LineSums, noSums, type StatementLine } from "#server/settlement/domain/statement.ts";
import {
  type LaidPage,
  layPages,
  type Measure,
  paper,
  planTable,
  type TableFrame,
  wrapText,
} from "#server/settlement/domain/statement-table.ts";
import { statementWords } from "#server/settlement/domain/statement-words.ts";

/** Every character as wide as the next. */
const measure: Measure = (text, weight, sizePt) => text.length * sizePt * (weight === "bold" ? 0.62 : 0.6);
const frame: TableFrame = { firstTopPt: 380, nextTopPt: 64, tailHeightPt: 66 };

const planOf = (lineCount: number, widest: bigint) =>
  planTable(
    {
      lineCount,
      widest: { amountMinor: widest, feeMinor: widest / 10n, feeVatMinor: widest / 100n, netMinor: widest },
      heads: statementWords.ko.heads,
      kinds: Object.values(statementWords.ko.kinds),
    },
    measure,
  );
const plan = planOf(1_000, 99_999_999n);

const aLine = (lineNo: number, reference = `HB-${lineNo}`): StatementLine => ({
  lineNo,
  kind: lineNo % 7 === 0 ? "CANCEL" : "APPROVAL",
  eventDate: "2026-11-20",
  reference,
  amountMinor: lineNo % 7 === 0 ? -500n : BigInt(lineNo * 100),
  feeMinor: BigInt(-lineNo),
  feeVatMinor: BigInt(-(lineNo % 3)),
  netMinor: BigInt(lineNo * 99),
});

async function pagesOf(lines: readonly StatementLine[], batchSize = 10): Promise<LaidPage[]> {
  async function* batches() {
    for (let at = 0; at < lines.length; at += batchSize) yield lines.slice(at, at + batchSize);
  }
  const pages: LaidPage[] = [];
  for await (const page of layPages(batches(), plan, frame, measure)) pages.push(page);
  return pages;
}
const manyLines = (count: number) => Array.from({ length: count }, (_, index) => aLine(index + 1));
const sumOf = (list: readonly LineSums[]) => list.reduce(addSums, noSums);

test.each([1, 2, 20, 21, 22, 23, 24, 60, 61, 62, 63, 64, 65, 66, 999])(
  "%i lines: each once, in order, whole on a page, and the pages' sums come to all of it",
  async (count) => {
    const lines = manyLines(count);
    const pages = await pagesOf(lines);
    expect(pages.flatMap(({ rows }) => rows.map(({ line }) => line))).toEqual(lines);
    expect(pages.map(({ number }) => number)).toEqual(pages.map((_, index) => index + 1));
    for (const page of pages) {
      expect(page.sums).toEqual(sumOf(page.rows.map(({ line }) => line)));
      let y = page.topPt + plan.headHeightPt;
      for (const row of page.rows) {
        expect(row.topPt).toBeCloseTo(y);
        y += row.heightPt;
      }
      expect(page.endPt).toBeCloseTo(y);
      const kept = page.isLast ? frame.tailHeightPt : 0;
      expect(page.endPt + plan.sumHeightPt + kept).toBeLessThanOrEqual(paper.bottomPt);
      expect(page.topPt).toBe(page.number === 1 ? frame.firstTopPt : frame.nextTopPt);
      expect(page.rows.length).toBeGreaterThan(0);
    }
    expect(sumOf(pages.map(({ sums }) => sums))).toEqual(sumOf(lines));
    expect(pages.map(({ isLast }) => isLast)).toEqual(pages.map((_, index) => index === pages.length - 1));
  },
);

test("how the lines come makes no difference", async () => {
  const lines = manyLines(200);
  expect(await pagesOf(lines, 1)).toEqual(await pagesOf(lines, 1_000));
});

test("a first page without room for a row has no table, and the second has it", async () => {
  async function* one() {
    yield [aLine(1)];
  }
  const pages: LaidPage[] = [];
  for await (const page of layPages(one(), plan, { ...frame, firstTopPt: 740 }, measure)) pages.push(page);
  expect(pages.map(({ rows, isLast }) => [rows.length, isLast])).toEqual([
    [0, false],
    [1, true],
  ]);
});

test("an order of 64 characters is printed whole, in as many lines as it needs, and the rows below move", async () => {
  const long = `${"A1b2-".repeat(12)}ABCD`;
  const [page] = await pagesOf([aLine(1, long), aLine(2)]);
  const [first, second] = page?.rows ?? [];
  expect(first?.reference.join("")).toBe(long);
  const { leftPt, rightPt } = plan.columns.reference;
  for (const text of first?.reference ?? [])
    expect(measure(text, "regular", plan.sizePt)).toBeLessThanOrEqual(rightPt - leftPt);
  expect(first?.reference.length).toBeGreaterThan(1);
  expect(second?.topPt).toBeCloseTo((first?.topPt ?? 0) + (first?.heightPt ?? 0));
});

test.each([1_000n, 99_999_999n, 999_999_999_999n, 999_999_999_999_999n])(
  "with amounts up to %i no column runs into the next, and the order has room",
  (widest) => {
    const { columns, sizePt } = planOf(100_000, widest);
    const inOrder = Object.values(columns);
    for (const [index, column] of inOrder.entries())
      expect(column.leftPt).toBeGreaterThanOrEqual(
        index === 0 ? paper.leftPt : (inOrder[index - 1]?.rightPt ?? 0),
      );
    expect(inOrder.at(-1)?.rightPt).toBeCloseTo(paper.rightPt);
    expect(columns.reference.rightPt - columns.reference.leftPt).toBeGreaterThan(40);
    expect(sizePt).toBeGreaterThanOrEqual(5.5);
  },
);

test("small amounts are printed at 10.5 points", () => {
  expect(planOf(100, 999_999n).sizePt).toBe(10.5);
});

test("a text is cut at a hyphen where it can be, and no character is cut in two", () => {
  const widthOf = (text: string) => text.length;
  expect(wrapText("abcdef-ghijkl", 9, widthOf)).toEqual(["abcdef-", "ghijkl"]);
  expect(wrapText("abcdefghijkl", 5, widthOf)).toEqual(["abcde", "fghij", "kl"]);
  expect(wrapText("", 5, widthOf)).toEqual([""]);
  expect(wrapText("a🎁🎁🎁", 2, widthOf).join("")).toBe("a🎁🎁🎁");
  for (const line of wrapText("🎁".repeat(9), 3, widthOf)) expect(line.isWellFormed()).toBe(true);
});
