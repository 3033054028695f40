import { expect, test } from "vitest";
import { emptyView, readAuditUrl, toAuditFilter, writeAuditUrl } from "#components/audit/audit-url.ts";

test("a view survives its address", () => {
  const view = {
    actor: ["op_1"],
    action: ["payment.cancel", "operator.signed_in"],
    outcome: ["refused" as const],
    target: "pay_1",
    contains: "품절",
    date: "2026-11-01..2026-11-19",
  };
  const url = writeAuditUrl(view);
  expect(url).toContain("action=payment.cancel,operator.signed_in");
  expect(readAuditUrl(new URLSearchParams(url))).toEqual(view);
  expect(writeAuditUrl(emptyView)).toBe("");
});

test("what cannot be read is left out", () => {
  expect(readAuditUrl(new URLSearchParams("outcome=great,refused&date=2026-11-19..2026-11-01"))).toEqual({
    ...emptyView,
    outcome: ["refused"],
  });
});

test("days are Seoul's, and the last one is included", () => {
  const now = new Date("2026-11-19T05:00:00Z");
  expect(toAuditFilter({ ...emptyView, date: "2026-11-18..2026-11-19" }, now)).toMatchObject({
    from: new Date("2026-11-17T15:00:00Z"),
    to: new Date("2026-11-19T15:00:00Z"),
  });
  expect(toAuditFilter(emptyView, now)).not.toHaveProperty("from");
});
