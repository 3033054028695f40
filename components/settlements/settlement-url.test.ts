import { describe, expect, test } from "vitest";
import { settlementsHref } from "#components/home/list-href.ts";
import {
  emptyView,
  type SettlementView,
  settlementAddress,
  toSettlementFilter,
} from "#components/settlements/settlement-url.ts";
import { settlementFilterSchema } from "#server/settlement/settlement.schemas.ts";

const read = (text: string) => settlementAddress.read(new URLSearchParams(text));

describe("the address of the list of settlements", () => {
  test.each<Partial<SettlementView>>([
    {},
    { state: ["DRAFT", "WITHHELD"] },
    { mall: ["mall_1", "mall_2"], business: "2026-11-01..2026-11-19" },
    { payout: "..2026-11-20" },
    { payout: "2026-11-21.." },
  ])("reads what it wrote: %o", (part) => {
    const view = { ...emptyView, ...part };
    expect(read(settlementAddress.write(view))).toEqual(view);
  });

  test("leaves out what it cannot read", () => {
    expect(
      read("state=DRAFT,GONE&business=2026-02-30..&payout=2026-11-20..2026-11-19&mall=,,m,m&other=1"),
    ).toEqual({ ...emptyView, state: ["DRAFT"], mall: ["m"] });
    expect(read("payout=..&business=today")).toEqual(emptyView);
  });

  test("is a filter that the server takes, with open ends", () => {
    const filter = toSettlementFilter(read("payout=..2026-11-20&state=CONFIRMED"));
    expect(settlementFilterSchema.parse(filter)).toEqual({
      state: ["CONFIRMED"],
      mall: [],
      businessFrom: null,
      businessTo: null,
      payoutFrom: null,
      payoutTo: "2026-11-20",
    });
  });

  test("of the figure on the home page is just its list", () => {
    const address = settlementsHref({ state: ["DRAFT", "CONFIRMED"], payoutTo: "2026-11-20" });
    expect(address).toBe("/settlements?state=DRAFT,CONFIRMED&payout=..2026-11-20");
    expect(settlementAddress.read(new URL(address, "http://console").searchParams)).toEqual({
      ...emptyView,
      state: ["DRAFT", "CONFIRMED"],
      payout: "..2026-11-20",
    });
  });
});
