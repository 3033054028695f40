import { describe, expect, test } from "vitest";
import { bytesOf, hexLines } from "#components/payments/message-bytes.ts";

describe("a hex view", () => {
  test("keeps a character of two bytes whole at the end of a line", () => {
    // "ab한빛" in EUC-KR; the second byte of 한 falls on the next line.
    const bytes = new Uint8Array([0x61, 0x62, 0x63, 0xc7, 0xd1, 0xba, 0xfb]);
    expect(hexLines(bytes, "euc-kr", 4)).toEqual([
      { offset: 0, hex: ["61", "62", "63", "c7"], text: "abc한" },
      { offset: 4, hex: ["d1", "ba", "fb"], text: "빛" },
    ]);
  });

  test("reads UTF-8 as well", () => {
    expect(hexLines(new TextEncoder().encode("한 €😀"), "utf-8", 16).map((line) => line.text)).toEqual([
      "한 €😀",
    ]);
  });

  test("shows bytes that are no text as dots, one for each", () => {
    const bytes = new Uint8Array([0x00, 0x0a, 0x41, 0xff, 0x80]);
    expect(hexLines(bytes, "utf-8", 16)[0]?.text).toBe("··A··");
    expect(hexLines(new Uint8Array([0x41, 0xc7]), "euc-kr", 16)[0]?.text).toBe("A·");
  });

  test("has a line for each started row and none for nothing", () => {
    expect(hexLines(new Uint8Array(33), "utf-8", 16).map((line) => line.offset)).toEqual([0, 16, 32]);
    expect(hexLines(new Uint8Array(), "utf-8", 16)).toEqual([]);
  });

  test("base64 becomes bytes", () => {
    expect([...bytesOf("AP8Q")]).toEqual([0x00, 0xff, 0x10]);
  });
});
