import { describe, expect, test } from "vitest";
import { byteLines, bytesOf, fieldOfEachByte, hexOf, textOf } from "#components/payments/message-bytes.ts";

const texts = (lines: ReturnType<typeof byteLines>) =>
  lines.map(({ cells }) => cells.map(({ glyph }) => glyph?.text ?? "").join(""));

describe("a byte view", () => {
  // "abc한빛" in EUC-KR.
  const bytes = new Uint8Array([0x61, 0x62, 0x63, 0xc7, 0xd1, 0xba, 0xfb]);

  test("keeps a character of two bytes whole at the end of a line", () => {
    const lines = byteLines(bytes, "euc-kr", 4);
    expect(texts(lines)).toEqual(["abc한", "빛"]);
    expect(lines.map(({ cells }) => cells.map(({ hex }) => hex))).toEqual([
      ["61", "62", "63", "c7"],
      ["d1", "ba", "fb"],
    ]);
  });

  test("gives each line as many places for characters as it has bytes", () => {
    for (const perLine of [1, 2, 3, 4, 5, 10])
      for (const { cells } of byteLines(bytes, "euc-kr", perLine))
        expect(cells.reduce((sum, { glyph }) => sum + (glyph?.width ?? 0), 0)).toBe(cells.length);
    expect(byteLines(bytes, "euc-kr", 10)[0]?.cells.map(({ glyph }) => glyph?.width)).toEqual([
      1,
      1,
      1,
      2,
      undefined,
      2,
      undefined,
    ]);
  });

  test("reads UTF-8 as well", () => {
    expect(texts(byteLines(new TextEncoder().encode("한 €😀"), "utf-8", 16))).toEqual(["한 €😀"]);
  });

  test("shows bytes that are no text as full stops, one for each", () => {
    expect(texts(byteLines(new Uint8Array([0x00, 0x0a, 0x41, 0xff, 0x80]), "utf-8", 16))).toEqual(["..A.."]);
    expect(texts(byteLines(new Uint8Array([0x41, 0xc7]), "euc-kr", 16))).toEqual(["A."]);
  });

  test("has a line for each started row and none for nothing", () => {
    expect(byteLines(new Uint8Array(33), "utf-8", 16).map((line) => line.offset)).toEqual([0, 16, 32]);
    expect(byteLines(new Uint8Array(), "utf-8", 16)).toEqual([]);
  });
});

test("bytes are copied as hex pairs or as text of their charset", () => {
  const bytes = new Uint8Array([0x41, 0xc7, 0xd1, 0x0a]);
  expect(hexOf(bytes)).toBe("41 c7 d1 0a");
  expect(textOf(bytes, "euc-kr")).toBe("A한\n");
});

test("each byte knows its field, and those between fields none", () => {
  expect([
    ...fieldOfEachByte(7, [
      { offset: 1, length: 2 },
      { offset: 4, length: 3 },
    ]),
  ]).toEqual([-1, 0, 0, -1, 1, 1, 1]);
});

test("base64 becomes bytes", () => {
  expect([...bytesOf("AP8Q")]).toEqual([0x00, 0xff, 0x10]);
});
