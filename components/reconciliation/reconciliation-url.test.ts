import { describe, expect, test } from "vitest";
import {
  boardAddress,
  dayHref,
  emptyBoard,
  emptyItems,
  itemsAddress,
  toDayItems,
  toDaySearch,
  toItemSearch,
} from "#components/reconciliation/reconciliation-url.ts";

const read = (text: string) => itemsAddress.read(new URLSearchParams(text));

describe("the address of the board", () => {
  test("is read back as it was written", () => {
    const view = { van: ["SBX2"], state: ["OPEN" as const], date: "2026-11-01..2026-11-19" };
    expect(boardAddress.write(view)).toBe("?van=SBX2&state=OPEN&date=2026-11-01..2026-11-19");
    expect(boardAddress.read(new URLSearchParams(boardAddress.write(view)))).toEqual(view);
    expect(toDaySearch(view)).toEqual({
      van: ["SBX2"],
      state: ["OPEN"],
      from: "2026-11-01",
      to: "2026-11-19",
    });
    expect(boardAddress.write(emptyBoard)).toBe("");
  });
});

describe("the address of the worklist", () => {
  test("says nothing for what is to be done", () => {
    expect(read("")).toEqual(emptyItems);
    expect(itemsAddress.write(emptyItems)).toBe("");
    expect(toItemSearch(emptyItems, "op_ME").state).toEqual(["OPEN", "WAITING"]);
    expect("owner" in toItemSearch(emptyItems, "op_ME")).toBe(false);
  });

  test("is read back as it was written", () => {
    const text =
      "?van=SBX1,SBX2&class=ONLY_VAN,FEE_DIFF&show=all&owner=me&aged=3&date=2026-11-18..2026-11-18&item=42";
    expect(itemsAddress.write(read(text))).toBe(text);
    expect(toItemSearch(read(text), "op_ME")).toEqual({
      van: ["SBX1", "SBX2"],
      class: ["ONLY_VAN", "FEE_DIFF"],
      state: [],
      from: "2026-11-18",
      to: "2026-11-18",
      owner: "op_ME",
      agedDays: 3,
    });
    expect(toItemSearch(read("?owner=nobody&show=explained"), "op_ME")).toMatchObject({
      owner: null,
      state: ["EXPLAINED"],
    });
  });

  test("leaves out what it cannot read", () => {
    expect(
      read("?class=GONE&show=some&owner=op_1&aged=2&date=2026-02-30..&van=AAAAAAAAAAAAAAA&item=x"),
    ).toEqual(emptyItems);
  });

  test("a day's page has its part of it", () => {
    expect(dayHref({ businessDate: "2026-11-18", vanCode: "SBX1" })).toBe("/reconciliation/2026-11-18/SBX1");
    expect(
      dayHref({ businessDate: "2026-11-18", vanCode: "SBX1" }, { class: ["FEE_DIFF"], show: "all" }),
    ).toBe("/reconciliation/2026-11-18/SBX1?class=FEE_DIFF&show=all");
  });
});

test("the items of the board are those of its days, explained or not", () => {
  const { read } = boardAddress;
  expect(toDayItems(read(new URLSearchParams("van=SBX1&state=OPEN&date=2026-11-01..")))).toEqual({
    van: ["SBX1"],
    from: "2026-11-01",
    to: null,
    state: [],
    dayState: ["OPEN"],
  });
});
