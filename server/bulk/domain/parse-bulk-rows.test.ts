import { describe, expect, test } from "vitest";
import { parseBulkRows } from "#server/bulk/domain/parse-bulk-rows.ts";

const payA = "pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC4";
const payB = "pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC5";
const parse = (text: string, rowsMax = 10) => parseBulkRows([text], rowsMax);
const codesOf = (text: string, rowsMax?: number) =>
  parse(text, rowsMax).errors.map(({ line, code }) => [line, code]);

describe("a file of payments", () => {
  test("names them by key or order id, with an amount or without", () => {
    expect(parse(`${payA}\nORDER-1,"48,000"\r\n ORDER-2 , 1000\n\n`).rows).toEqual([
      { line: 1, given: payA, by: "payment", amountMinor: null, taxFreeMinor: null },
      { line: 2, given: "ORDER-1", by: "order", amountMinor: 48_000n, taxFreeMinor: null },
      { line: 3, given: "ORDER-2", by: "order", amountMinor: 1_000n, taxFreeMinor: null },
    ]);
  });
  test("may be pasted from a spreadsheet, with tabs, a BOM and a heading in any order", () => {
    expect(parse(`\uFEFF취소 금액\t주문번호\n48,000\tORDER-1\n`).rows).toEqual([
      { line: 2, given: "ORDER-1", by: "order", amountMinor: 48_000n, taxFreeMinor: null },
    ]);
    expect(parse(`payment_key,amount\n${payA},\n`).rows).toMatchObject([
      { line: 2, given: payA, amountMinor: null },
    ]);
    expect(parse(`order_id,amount,tax_free_amount\nORDER-1,1000,400`).rows).toMatchObject([
      { amountMinor: 1_000n, taxFreeMinor: 400n },
    ]);
  });
  test("is the same wherever its chunks end", () => {
    const text = `주문번호,금액\r\nORDER-1,"48,000"\r\n${payB},7\r\nORDER-2`;
    for (let at = 0; at <= text.length; at++)
      expect(parseBulkRows([text.slice(0, at), text.slice(at)], 10)).toEqual(parse(text));
    expect(parseBulkRows(text, 10)).toEqual(parse(text));
  });
  test.each([
    [`,1000`, "MISSING_KEY"],
    [`pay_1,1000`, "BAD_KEY"],
    [`주문1`, "BAD_KEY"],
    [`=cmd()`, "BAD_KEY"],
    [`ORDER-1,0`, "BAD_AMOUNT"],
    [`ORDER-1,-5`, "BAD_AMOUNT"],
    [`ORDER-1,10.5`, "BAD_AMOUNT"],
    [`ORDER-1,"4,80"`, "BAD_AMOUNT"],
    [`ORDER-1,99999999999`, "BAD_AMOUNT"],
    [`ORDER-1,0100`, "BAD_AMOUNT"],
    // Written without quotes, 148,100 won must not become 148.
    [`ORDER-1,148,100`, "TOO_MANY_COLUMNS"],
    [`"ORDER-1,1000`, "BAD_QUOTES"],
    [`ORDER-1,1"0"`, "BAD_QUOTES"],
    [`"ORDER-1"x,10`, "BAD_QUOTES"],
  ])("refuses the line %s as %s and reads on", (line, code) => {
    const parsed = parse(`${payA}\n${line}\n${payB}`);
    expect(parsed.errors).toMatchObject([{ line: 2, code, text: line }]);
    expect(parsed.rows.map((row) => row.given)).toEqual([payA, payB]);
  });
  test("has a tax-free amount only beside an amount", () => {
    const heading = "order_id,amount,tax_free_amount\n";
    expect(codesOf(`${heading}ORDER-1,1000,x\nORDER-2,,400`)).toEqual([
      [2, "BAD_TAX_FREE"],
      [3, "TAX_FREE_WITHOUT_AMOUNT"],
    ]);
  });
  test("may name a payment once, and the line that repeats it says which", () => {
    expect(parse(`${payA}\n${payB}\n${payA},100`).errors).toEqual([
      { line: 3, code: "DUPLICATE", of: 1, text: `${payA},100` },
    ]);
  });
  test("ends at the line after the last that is allowed, and lists a hundred errors", () => {
    expect(codesOf("ORDER-1\nORDER-2\nORDER-3\nORDER-4", 2)).toEqual([[3, "TOO_MANY_ROWS"]]);
    expect(codesOf("", 2)).toEqual([[1, "NO_ROWS"]]);
    expect(codesOf("주문번호\n", 2)).toEqual([[1, "NO_ROWS"]]);
    const broken = parse("x\n".repeat(300), 5_000);
    expect([broken.errors.length, broken.errorsTotal]).toEqual([100, 300]);
  });
});
