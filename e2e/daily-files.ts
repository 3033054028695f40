import type { APIRequestContext, Page } from "@playwright/test";
import { type Demo, expect } from "./fixtures.ts";

/** A VAN's daily file and what its bank paid for it, as the sandbox VAN gives them. */
export type DailyFiles = Readonly<{ van: string; deposit: string }>;

const dayMs = 86_400_000;

/** A business date so many days before today. */
export const daysAgo = (days: number) =>
  new Date(Date.now() + 9 * 3_600_000 - days * dayMs).toISOString().slice(0, 10);

/** Fetches both files of SBX1's date from the sandbox, whose books go thirty days back. */
export async function fetchDailyFiles(
  request: APIRequestContext,
  demo: Demo,
  date: string,
): Promise<DailyFiles> {
  const control = demo.vans.find(({ code }) => code === "SBX1")?.controlUrl;
  if (!control) throw new Error("The demo has no SBX1");
  const [van, deposit] = await Promise.all([
    request.get(`${control}/files/${date}`),
    request.get(`${control}/deposits/${date}`),
  ]);
  return { van: await van.text(), deposit: await deposit.text() };
}

/**
 * The latest date that nobody reconciles yet: the platform fetches the files of the last seven days by itself. Asked as
 * whoever is signed in on the page.
 */
export async function untouchedDate(page: Page): Promise<string> {
  for (let days = 9; days < 29; days++) {
    const businessDate = daysAgo(days);
    const input = encodeURIComponent(JSON.stringify({ json: { vanCode: "SBX1", businessDate } }));
    const answer = await page.request.get(`/api/trpc/reconciliation.day?input=${input}`);
    if (answer.status() === 404) return businessDate;
    // 503: under load the console's reads are turned away; another date will do.
    expect([200, 503]).toContain(answer.status());
  }
  throw new Error("every day of the history was reconciled");
}

/** The first approval of a file of SBX1, by its trace number. */
export function firstApproval({
  van,
}: DailyFiles): Readonly<{ traceNo: string; orderId: string; amount: number }> {
  const record = van.split("\n").find((line) => line.startsWith("D,A,"));
  const [, , traceNo = "", , , orderId = "", , amount = ""] = record?.split(",") ?? [];
  return { traceNo, orderId, amount: Number(amount) };
}

/** Both files with one approval changed in each, and totals that add up again: `null` leaves it out. */
export function withApproval(
  files: DailyFiles,
  traceNo: string,
  change: Readonly<{ amount?: number; traceNo?: string }> | null,
): DailyFiles {
  const lines = (text: string, edit: (fields: string[]) => string[] | null) =>
    text
      .trimEnd()
      .split("\n")
      .flatMap((line) => {
        const fields = line.split(",");
        if (fields[1] !== "A" || fields[2] !== traceNo) return [fields];
        const edited = change && edit(fields);
        return edited ? [edited] : [];
      });
  const named = change?.traceNo ?? traceNo;
  const van = lines(files.van, (f) => [
    ...f.slice(0, 2),
    named,
    named,
    ...f.slice(4, 7),
    String(change?.amount ?? f[7]),
    ...f.slice(8),
  ]);
  const deposit = lines(files.deposit, (f) => {
    const amount = change?.amount ?? Number(f[4]);
    const fee = Math.floor((amount * 1_500) / 100_000);
    const vat = Math.floor((fee + 5) / 10);
    return [...f.slice(0, 2), named, named, amount, fee, vat, amount - fee - vat].map(String);
  });
  const sum = (rows: string[][], column: number) =>
    rows.reduce((total, row) => total + Number(row[column]), 0);
  const records = (rows: string[][]) => rows.filter(([tag]) => tag === "D");
  const approvals = records(van).filter(([, kind]) => kind === "A");
  const returns = records(van).filter(([, kind]) => kind !== "A");
  const vanTotals = [
    records(van).length,
    approvals.length,
    sum(approvals, 7),
    returns.length,
    sum(returns, 7),
  ];
  const depositTotals = [
    records(deposit).length,
    ...[4, 5, 6, 7].map((column) => sum(records(deposit), column)),
  ];
  const whole = (rows: string[][], totals: readonly number[]) =>
    `${[...rows.slice(0, -1), ["T", ...totals.map(String)]].map((row) => row.join(",")).join("\n")}\n`;
  return { van: whole(van, vanTotals), deposit: whole(deposit, depositTotals) };
}
