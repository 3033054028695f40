import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { declineCodes } from "#server/core/refusals.ts";
import {
  isTestCode,
  readTestCodes,
  refusesConnection,
  testCards,
  testCodeOf,
  testDeclines,
} from "./test-codes.ts";

describe("test codes", () => {
  test("read every word of the contract", () => {
    expect(readTestCodes("TIMEOUT_APPROVED,NETCANCEL_TIMEOUT_X3")).toEqual([
      { operation: null, fault: { kind: "TIMEOUT_APPROVED" }, timesMax: null },
      { operation: "NET_CANCEL", fault: { kind: "TIMEOUT" }, timesMax: 3 },
    ]);
    expect(readTestCodes("SLOW_250 CANCEL_DECLINE_VAN_ERROR_X2")).toEqual([
      { operation: null, fault: { kind: "SLOW", delayMs: 250 }, timesMax: null },
      { operation: "CANCEL", fault: { kind: "DECLINE", refusal: "VAN_ERROR" }, timesMax: 2 },
    ]);
    expect(readTestCodes("LATE_APPROVAL_60000")).toEqual([
      { operation: null, fault: { kind: "LATE_APPROVAL", delayMs: 60_000 }, timesMax: null },
    ]);
    for (const word of [
      "TIMEOUT",
      "GARBLED",
      "HALF_REPLY",
      "WRONG_AMOUNT",
      "DROP_CONNECTION",
      "REFUSE_CONNECTION",
      "UNKNOWN_CODE",
      "CANCEL_TIMEOUT_APPROVED",
      "NETCANCEL_TIMEOUT_X99",
      "DECLINE_CARD_LIMIT_EXCEEDED_X1",
    ]) {
      expect(isTestCode(word), word).toBe(true);
    }
  });

  test("know every decline that the platform knows", () => {
    expect([...testDeclines]).toEqual([...declineCodes]);
    for (const code of declineCodes) expect(isTestCode(`DECLINE_${code}`)).toBe(true);
  });

  test("leave out what means nothing", () => {
    for (const text of [
      "",
      " , ",
      "BOOM",
      "DECLINE_",
      "DECLINE_NO_SUCH",
      "TIMEOUT_X0",
      "SLOW_",
      "SLOW_9999999",
      "NETCANCEL_LATE_APPROVAL_10",
      "timeout",
      "TIMEOUT,BOOM",
    ]) {
      expect(isTestCode(text), text).toBe(false);
    }
    expect(readTestCodes("BOOM TIMEOUT")).toHaveLength(1);
  });

  test("stand behind cards that all begin with 00", () => {
    for (const [lastFour, code] of Object.entries(testCards)) {
      expect(lastFour).toMatch(/^00\d\d$/);
      expect(isTestCode(code), code).toBe(true);
    }
    expect(testCodeOf(undefined, "4330123412340011")).toBe("TIMEOUT_APPROVED");
    expect(testCodeOf("GARBLED", "4330123412340011")).toBe("GARBLED");
    expect(testCodeOf(undefined, "4111111111111111")).toBe("");
  });

  test("and cards are listed in the documentation, and nothing else is", () => {
    const text = readFileSync(new URL("../../../docs/sandbox-vans.md", import.meta.url), "utf8");
    const listed = [...text.matchAll(/^\| `\d{4} \d{4} \d{4} (\d{4})` \| `([^`]+)` \|$/gm)].map(
      ([, lastFour, code]) => [lastFour, code],
    );
    expect(Object.fromEntries(listed)).toEqual(testCards);
  });

  test("tell what cannot be reached, per operation", () => {
    expect(refusesConnection("REFUSE_CONNECTION", "APPROVE")).toBe(true);
    expect(refusesConnection("CANCEL_REFUSE_CONNECTION", "APPROVE")).toBe(false);
    expect(refusesConnection("CANCEL_REFUSE_CONNECTION", "CANCEL")).toBe(true);
  });
});
