import { expect, test } from "vitest";
import { readCsvFile } from "#components/bulk/read-csv-file.ts";

test("reads what Excel writes in either encoding, and nothing else", async () => {
  expect(await readCsvFile(new Blob(["\uFEFF주문번호,금액"]))).toBe("주문번호,금액");
  // 주문번호 in EUC-KR.
  const euc = new Uint8Array([0xc1, 0xd6, 0xb9, 0xae, 0xb9, 0xf8, 0xc8, 0xa3]);
  expect(await readCsvFile(new Blob([euc]))).toBe("주문번호");
  expect(await readCsvFile(new Blob([new Uint8Array([0xff, 0xfe, 0x00, 0xd8])]))).toBeNull();
});
