import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Book } from "./book.ts";
import { Journal, journalPaths } from "./journal.ts";
import { formatJournalLine, type JournalLine } from "./journal-format.ts";

const at = "2026-11-22T05:32:07.123Z";
function anApproval(traceNo: string, amount = 10_000): JournalLine {
  return {
    type: "APPROVE",
    at,
    traceNo,
    mallId: "mall_1",
    orderId: `order-${traceNo}`,
    amount,
    reason: "OK",
    result: "APPROVED",
    currency: "KRW",
    approvalNo: "12345678",
    bin: "433012",
    last4: "1234",
    issuerCode: "01",
    issuerName: "신한카드",
    installmentMonths: 0,
  };
}
function aCancel(traceNo: string, originalTraceNo: string, amount: number): JournalLine {
  return {
    type: "CANCEL",
    at,
    traceNo,
    originalTraceNo,
    mallId: "mall_1",
    orderId: `order-${originalTraceNo}`,
    amount,
    reason: "OK",
    result: "CANCELED",
  };
}

async function open(paths: { journal: string; seed: string }) {
  const book = new Book("SBX1");
  const warnings: string[] = [];
  const journal = await Journal.open(paths, {
    apply: (line) => book.apply(line),
    warn: (text) => warnings.push(text),
    onBroken: () => undefined,
  });
  return { book, journal, warnings };
}

const newPaths = () => journalPaths(mkdtempSync(join(tmpdir(), "paydeck-journal-")), "SBX1");

test("what is durable is there again, and live money adds up", async () => {
  const paths = newPaths();
  const { journal } = await open(paths);
  for (const line of [anApproval("A"), anApproval("B"), aCancel("C1", "A", 4_000), aCancel("C2", "A", 6_000)])
    journal.append(line);
  await journal.durable();
  const again = await open(paths);
  expect(again.book.summary()).toEqual({
    mall_1: {
      approved: { count: 2, amount: 20_000 },
      canceled: { count: 2, amount: 10_000 },
      netCanceled: { count: 0, amount: 0 },
      live: { count: 1, amount: 10_000 },
    },
  });
  await Promise.all([journal.close(), again.journal.close()]);
});

test("a torn last line is dropped, wherever it was torn", async () => {
  const whole = formatJournalLine(anApproval("A"));
  const torn = formatJournalLine(anApproval("B"));
  for (const length of [1, 10, Math.floor(torn.length / 2), torn.length - 1]) {
    const paths = newPaths();
    writeFileSync(paths.journal, whole + torn.slice(0, length));
    const { book, journal, warnings } = await open(paths);
    expect(book.ledger).toHaveLength(1);
    expect(warnings[0]).toMatch(/torn/);
    journal.append(anApproval("C"));
    await journal.close();
    expect(readFileSync(paths.journal, "utf8")).toBe(whole + formatJournalLine(anApproval("C")));
  }
});

test.each([
  [
    "a line in the middle that is no JSON",
    `${formatJournalLine(anApproval("A"))}{"type":\n${formatJournalLine(anApproval("B"))}`,
    /Line 2 /,
  ],
  ["an unknown line", '{"type":"PAY"}\n', /not a journal line/],
  ["an approval that stands there twice", formatJournalLine(anApproval("A")).repeat(2), /twice/],
  [
    "a cancel of more than there is",
    formatJournalLine(anApproval("A")) + formatJournalLine(aCancel("C", "A", 10_001)),
    /does not have/,
  ],
])("%s stops the VAN", async (_, text, words) => {
  const paths = newPaths();
  writeFileSync(paths.journal, text);
  await expect(open(paths)).rejects.toThrow(words);
});
