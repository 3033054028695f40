import { csvLine, utf8Mark } from "#server/core/csv.ts";
import { listRunLetters, type RunLetter, readRedriveRun } from "#server/dead-letters/redrive-run-queries.ts";
import type { Db } from "#server/platform/db.ts";

const pageSize = 500;

type Language = "ko" | "en";
const columns: readonly (readonly [
  ko: string,
  en: string,
  of: (letter: RunLetter) => string | bigint | number | null,
])[] = [
  ["순서", "Place", (letter) => letter.place],
  ["데드레터", "Dead letter", (letter) => letter.id],
  ["작업", "Job", (letter) => letter.jobName],
  ["주문번호", "Order", (letter) => letter.orderId],
  ["결제키", "Payment key", (letter) => letter.paymentId],
  ["가맹점", "Mall", (letter) => letter.mallName],
  ["VAN", "VAN", (letter) => letter.vanCode],
  ["금액", "Amount", (letter) => letter.amountMinor],
  ["미리보기", "Preview", (letter) => letter.outcome],
  ["미리보기 까닭", "Preview reason", (letter) => letter.why],
  ["결과", "State", (letter) => letter.state],
  ["처리", "Result", (letter) => letter.result],
  ["오류", "Error", (letter) => letter.error],
  ["결제 상태", "Payment status", (letter) => letter.paymentStatus],
  ["보낸 시각", "Sent at", (letter) => letter.workedAt?.toISOString() ?? null],
  ["끝난 시각", "Ended at", (letter) => letter.settledAt?.toISOString() ?? null],
];

/**
 * The result of a run as a CSV file, a line for each letter (UTF-8 with its mark, times in UTC, amounts in minor units).
 * `undefined` when there is no such run.
 */
export async function writeRedriveResult(
  db: Db,
  id: string,
  language: Language,
): Promise<string | undefined> {
  if (!(await readRedriveRun(db, id))) return undefined;
  let text = utf8Mark + csvLine(columns.map(([ko, en]) => (language === "ko" ? ko : en)));
  let cursor: number | null = 0;
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof listRunLetters>> = await listRunLetters(db, {
      id,
      states: [],
      cursor,
      limit: pageSize,
    });
    for (const letter of page.letters) text += csvLine(columns.map(([, , of]) => of(letter)));
    cursor = page.nextCursor;
  }
  return text;
}
