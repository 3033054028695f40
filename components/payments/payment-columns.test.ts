import { describe, expect, test } from "vitest";
import { columnsOf, moveColumn, paymentColumns } from "#components/payments/payment-columns.ts";

describe("a choice of columns", () => {
  test("is all of them when nothing was chosen, or nothing that exists", () => {
    expect(columnsOf(null)).toEqual(paymentColumns);
    expect(columnsOf(["gone"])).toEqual(paymentColumns);
  });

  test("keeps the chosen order, leaves out what does not exist, and shows each once", () => {
    expect(columnsOf(["amount", "status", "gone", "order", "amount"])).toEqual(["amount", "status", "order"]);
  });

  test("always shows which payment it is", () => {
    expect(columnsOf(["amount"])).toEqual(["status", "order", "amount"]);
  });

  test("moves one column by a place, and not beyond the ends", () => {
    const columns = columnsOf(["status", "order", "amount"]);
    expect(moveColumn(columns, "order", -1)).toEqual(["order", "status", "amount"]);
    expect(moveColumn(columns, "order", 1)).toEqual(["status", "amount", "order"]);
    expect(moveColumn(columns, "status", -1)).toEqual(columns);
    expect(moveColumn(columns, "amount", 1)).toEqual(columns);
  });
});
