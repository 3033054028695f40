import { describe, expect, test } from "vitest";
import { type ListState, readListUrl, writeListUrl } from "#components/payments/payment-filter-url.ts";

const read = (search: string) => readListUrl(new URLSearchParams(search));

describe("the address of a list", () => {
  test.each<ListState>([
    { filter: {}, sort: "-requestedAt" },
    { filter: { q: "HB2026 쿠키 & 100%" }, sort: "-requestedAt" },
    { filter: { status: ["UNKNOWN", "CANCEL_PENDING"], van: ["SBX2"] }, sort: "amount" },
    { filter: { amountMin: "100000" }, sort: "-requestedAt" },
    { filter: { amountMax: "5000" }, sort: "-requestedAt" },
    { filter: { amountMin: "1000", amountMax: "5000", method: ["CARD"], origin: ["API"] }, sort: "-amount" },
    { filter: { date: "2026-11-19..2026-11-20", mall: ["mall_A", "mall_B"] }, sort: "requestedAt" },
    {
      filter: { canceled: "today" },
      sort: "-requestedAt",
      view: "view_01K9X4T7M2QH5V8RDN3B7ZC4WE",
    },
    { filter: {}, sort: "-requestedAt", view: "all" },
    { filter: { answered: "1h", outcome: ["declined", "failed"] }, sort: "-requestedAt" },
    { filter: { responseMinMs: 3_000 }, sort: "-requestedAt" },
    { filter: { responseMaxMs: 0, outcome: ["netCanceled"] }, sort: "-requestedAt" },
    {
      filter: { responseMinMs: 250, responseMaxMs: 900, failure: ["CARD_EXPIRED", "VAN_UNAVAILABLE"] },
      sort: "-requestedAt",
    },
  ])("says the same list when it is read again: %j", (state) => {
    expect(read(writeListUrl(state))).toEqual(state);
  });

  test("can be read by a person", () => {
    expect(
      writeListUrl({
        filter: { status: ["UNKNOWN", "CANCEL_PENDING"], amountMin: "100000" },
        sort: "-requestedAt",
      }),
    ).toBe("?status=UNKNOWN,CANCEL_PENDING&amount=gte:100000");
  });

  test("leaves out what it does not know instead of failing", () => {
    expect(
      read(
        "?status=GONE,DONE&amount=lots&date=someday&sort=price&page=3&method=&response=86400001..x&failure=lower",
      ),
    ).toEqual({
      filter: { status: ["DONE"] },
      sort: "-requestedAt",
    });
  });

  test("takes a period with its basis", () => {
    expect(read("?date=requested:2026-11-19..2026-11-19").filter).toEqual({ date: "2026-11-19..2026-11-19" });
  });
});
