import { describe, expect, test } from "vitest";
import {
  emptyView,
  readDeliveryUrl,
  toDeliveryFilter,
  writeDeliveryUrl,
} from "#components/webhooks/delivery-url.ts";

const read = (text: string) => readDeliveryUrl(new URLSearchParams(text));

describe("the address of the delivery log", () => {
  test("says nothing for everything", () => {
    expect(writeDeliveryUrl(emptyView)).toBe("");
    expect(read("")).toEqual(emptyView);
  });
  test("is read as it was written", () => {
    const view = {
      ...emptyView,
      mall: ["mall_A"],
      endpoint: ["whe_A", "whe_B"],
      type: ["payment.approved" as const],
      state: ["retrying" as const, "dead" as const],
      date: "2026-11-01..2026-11-19",
      q: "01KA",
      open: "whd_A",
    };
    expect(read(writeDeliveryUrl(view).slice(1))).toEqual(view);
  });
  test("leaves out what cannot be read", () => {
    expect(read("endpoint=x&type=payment.exploded&state=lost&date=2026-02-30..&open=pay_1")).toEqual(
      emptyView,
    );
  });
  test("gives the server a period as two instants", () => {
    expect(toDeliveryFilter(read("date=2026-11-19..2026-11-19"), new Date())).toMatchObject({
      from: new Date("2026-11-18T15:00:00Z"),
      to: new Date("2026-11-19T15:00:00Z"),
    });
  });
});
