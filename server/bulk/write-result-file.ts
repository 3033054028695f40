import { bulkRowsMax, type RowOutcome } from "#server/bulk/bulk.values.ts";
import { readBulkRows, readBulkRun } from "#server/bulk/bulk-cancel-queries.ts";
import { csvLine } from "#server/bulk/domain/result-line.ts";
import { Refusal, refusals } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";

/** Rows that are read at once while a file is written. */
const rowsPerRead = 500;

type FileLanguage = "ko" | "en";

const headings: Readonly<Record<FileLanguage, readonly string[]>> = {
  ko: [
    "번호",
    "입력한 값",
    "결제키",
    "주문번호",
    "가맹점",
    "취소 금액",
    "결과",
    "코드",
    "설명",
    "취소키",
    "시각",
  ],
  en: [
    "No.",
    "Given",
    "Payment key",
    "Order ID",
    "Mall",
    "Cancel amount",
    "Result",
    "Code",
    "Explanation",
    "Cancel key",
    "Time",
  ],
};

const outcomes: Readonly<Record<FileLanguage, Readonly<Record<RowOutcome, string>>>> = {
  ko: {
    WAITING: "대기",
    RUNNING: "취소하는 중",
    DONE: "취소함",
    REFUSED: "거절됨",
    UNKNOWN: "결과불명",
    NOT_RUN: "시작하지 않음",
    LEFT_OUT: "제외",
  },
  en: {
    WAITING: "Waiting",
    RUNNING: "Being cancelled",
    DONE: "Cancelled",
    REFUSED: "Refused",
    UNKNOWN: "Result unknown",
    NOT_RUN: "Not started",
    LEFT_OUT: "Left out",
  },
};

/**
 * The result of a bulk cancel as a CSV, every given row with what became of it by now: UTF-8 with a BOM, so that Excel
 * reads Korean, and no cell is a formula. Written row by row as it is read. Throws `NOT_FOUND`.
 */
export async function writeResultFile(
  ctx: Pick<Context, "reports">,
  { runId, language }: { runId: string; language: FileLanguage },
): Promise<ReadableStream<Uint8Array>> {
  if (!(await readBulkRun(ctx.reports, runId))) throw new Refusal("NOT_FOUND");
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`\uFEFF${csvLine(headings[language])}`));
    },
    async pull(controller) {
      const rows = await readBulkRows(ctx.reports, { runId, after, limit: rowsPerRead });
      const text = rows
        .map((row) =>
          csvLine([
            String(row.rowNo),
            row.given,
            row.paymentId,
            row.orderId,
            row.mallName,
            row.amountMinor === null ? null : String(row.amountMinor),
            outcomes[language][row.outcome],
            row.code,
            explain(row.code, language),
            row.cancelId,
            row.settledAt?.toISOString() ?? null,
          ]),
        )
        .join("");
      if (text) controller.enqueue(encoder.encode(text));
      after = rows.at(-1)?.rowNo ?? bulkRowsMax;
      if (rows.length < rowsPerRead) controller.close();
    },
  });
}

const rowSentences: Readonly<Record<string, Readonly<Record<FileLanguage, string>>>> = {
  SAME_PAYMENT_TWICE: {
    ko: "같은 결제가 앞줄에 이미 있습니다.",
    en: "An earlier line names the same payment.",
  },
  ORDER_OF_SEVERAL_MALLS: {
    ko: "여러 가맹점에 같은 주문번호가 있습니다. 결제키로 지정하십시오.",
    en: "Several malls have this order ID. Name the payment by its key.",
  },
};

function explain(code: string | null, language: FileLanguage): string | null {
  if (code === null) return null;
  return (
    rowSentences[code]?.[language] ??
    (refusals as Record<string, Record<FileLanguage, string>>)[code]?.[language] ??
    null
  );
}
