import { addSums, type LineSums, noSums, type StatementLine } from "#server/settlement/domain/statement.ts";

/** A4 upright, in points, measured from the top left. */
export const paper = {
  widthPt: 595.28,
  heightPt: 841.89,
  leftPt: 45,
  rightPt: 550.28,
  topPt: 45,
  /** Below it is the footer alone. */
  bottomPt: 782,
} as const;

export type Weight = "regular" | "bold";
/** How wide a text is, in points. Figures are all as wide as one another. */
export type Measure = (text: string, weight: Weight, sizePt: number) => number;

export const columnNames = [
  "no",
  "eventDate",
  "kind",
  "reference",
  "amount",
  "fee",
  "feeVat",
  "net",
] as const;
export type ColumnName = (typeof columnNames)[number];
export type ColumnHeads = Readonly<Record<ColumnName, string>>;
const numeric: ReadonlySet<ColumnName> = new Set(["no", "amount", "fee", "feeVat", "net"]);

export type TablePlan = Readonly<{
  sizePt: number;
  rowHeightPt: number;
  /** Of the row of heads, of the sums of a page and of all. */
  headHeightPt: number;
  sumHeightPt: number;
  columns: Readonly<
    Record<ColumnName, Readonly<{ leftPt: number; rightPt: number; align: "left" | "right" }>>
  >;
}>;

/** Design §13; a smaller size only where figures would leave no room for the order. */
const sizesPt = [10.5, 9.5, 8.5, 7.5, 6.5, 5.5] as const;
const gapPt = 9;
const referenceMinPt = 110;

const minus = "\u2212";

/** An amount as a column shows it: `−1,234,567`. */
export function amountText(amountMinor: bigint): string {
  return amountMinor.toLocaleString("en-US").replace("-", minus);
}

/**
 * Decides how wide the columns are: each as wide as the widest that can stand in it, and the order gets the rest.
 * `widest` are the largest amounts, without sign, that a row or a sum may show.
 */
export function planTable(
  of: Readonly<{ lineCount: number; widest: LineSums; heads: ColumnHeads; kinds: readonly string[] }>,
  measure: Measure,
): TablePlan {
  const roomPt = paper.rightPt - paper.leftPt - gapPt * (columnNames.length - 1);
  const widthsAt = (sizePt: number): Record<ColumnName, number> => {
    const widthOf = (name: ColumnName, texts: readonly string[]) =>
      Math.max(
        measure(of.heads[name], "bold", sizePt),
        ...texts.map((text) => measure(text, "bold", sizePt)),
      );
    const money = (name: ColumnName, amountMinor: bigint) => widthOf(name, [minus + amountText(amountMinor)]);
    const widths = {
      no: widthOf("no", [amountText(BigInt(of.lineCount))]),
      eventDate: widthOf("eventDate", ["0000-00-00"]),
      kind: widthOf("kind", of.kinds),
      reference: 0,
      amount: money("amount", of.widest.amountMinor),
      fee: money("fee", of.widest.feeMinor),
      feeVat: money("feeVat", of.widest.feeVatMinor),
      net: money("net", of.widest.netMinor),
    };
    widths.reference = roomPt - Object.values(widths).reduce((sum, widthPt) => sum + widthPt, 0);
    return widths;
  };
  const planned = sizesPt.map((sizePt) => ({ sizePt, widths: widthsAt(sizePt) }));
  const chosen = planned.find(({ widths }) => widths.reference >= referenceMinPt) ?? planned.at(-1);
  if (!chosen) throw new Error("there is a smallest size");
  let leftPt: number = paper.leftPt;
  const columns = Object.fromEntries(
    columnNames.map((name) => {
      const column = {
        leftPt,
        rightPt: leftPt + chosen.widths[name],
        align: numeric.has(name) ? ("right" as const) : ("left" as const),
      };
      leftPt = column.rightPt + gapPt;
      return [name, column];
    }),
  ) as TablePlan["columns"];
  const rowHeightPt = chosen.sizePt * 1.62;
  return {
    sizePt: chosen.sizePt,
    rowHeightPt,
    headHeightPt: rowHeightPt + 5,
    sumHeightPt: rowHeightPt + 4,
    columns,
  };
}

/** Cuts a text that is too wide into lines, where it has a hyphen or an underscore if it can. Nothing of it is left out. */
export function wrapText(text: string, widthPt: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > widthPt) {
    let count = 1;
    while (count < rest.length && widthOf(rest.slice(0, count + 1)) <= widthPt) count += 1;
    const seam = Math.max(...["-", "_", " "].map((character) => rest.slice(0, count).lastIndexOf(character)));
    if (seam + 1 > count / 2) count = seam + 1;
    // A character of two code units stays whole.
    else if (/[\uD800-\uDBFF]/.test(rest.charAt(count - 1))) count += 1;
    lines.push(rest.slice(0, count).trimEnd());
    rest = rest.slice(count);
  }
  return [...lines, rest];
}

export type LaidRow = Readonly<{
  line: StatementLine;
  topPt: number;
  heightPt: number;
  /** The order in as many lines as it needs. */
  reference: readonly string[];
}>;

/** One page of the table: its rows, and what they add up to. Without rows the page has no table. */
export type LaidPage = Readonly<{
  number: number;
  /** Where the heads begin. */
  topPt: number;
  rows: readonly LaidRow[];
  sums: LineSums;
  /** Where the sums of the page begin. */
  endPt: number;
  isLast: boolean;
}>;

/** Where the table may stand: below the totals on the first page, and how much is kept free below it on the last. */
export type TableFrame = Readonly<{ firstTopPt: number; nextTopPt: number; tailHeightPt: number }>;

/**
 * Lays lines on pages, one page at a time, so that memory does not grow with their number. A row stays whole; each page
 * has its heads and its sums; the last one has room for the total and at least one row, so that no total stands alone.
 */
export async function* layPages(
  batches: AsyncIterable<readonly StatementLine[]>,
  plan: TablePlan,
  frame: TableFrame,
  measure: Measure,
): AsyncGenerator<LaidPage> {
  const { leftPt, rightPt } = plan.columns.reference;
  let page = openPage(1, frame.firstTopPt, plan);
  let held: StatementLine | undefined;
  for await (const lines of batches)
    for (const line of lines) {
      if (held) {
        const row = layRow(held);
        if (!fits(row.heightPt, 0)) {
          yield close(page, false);
          page = openPage(page.number + 1, frame.nextTopPt, plan);
        }
        place(row);
      }
      held = line;
    }
  if (held) {
    const row = layRow(held);
    if (!fits(row.heightPt, frame.tailHeightPt)) {
      yield close(page, false);
      page = openPage(page.number + 1, frame.nextTopPt, plan);
    }
    place(row);
  }
  yield close(page, true);

  function layRow(line: StatementLine) {
    const reference = wrapText(line.reference, rightPt - leftPt, (text) =>
      measure(text, "regular", plan.sizePt),
    );
    // Further lines of one row stand closer than rows do.
    return {
      line,
      reference,
      heightPt: plan.rowHeightPt + (reference.length - 1) * plan.sizePt * 1.2,
    };
  }

  function fits(heightPt: number, keptFreePt: number): boolean {
    if (page.number > 1 && page.rows.length === 0) return true;
    return page.endPt + heightPt + plan.sumHeightPt + keptFreePt <= paper.bottomPt;
  }

  function place(row: Omit<LaidRow, "topPt">) {
    page.rows.push({ ...row, topPt: page.endPt });
    page.endPt += row.heightPt;
    page.sums = addSums(page.sums, row.line);
  }
}

function openPage(number: number, topPt: number, plan: TablePlan) {
  return { number, topPt, rows: [] as LaidRow[], sums: noSums, endPt: topPt + plan.headHeightPt };
}

function close(page: ReturnType<typeof openPage>, isLast: boolean): LaidPage {
  return { ...page, isLast };
}
