import { describe, expect, test } from "vitest";
import { maskBody, shownBodyMaxChars } from "#server/webhooks/domain/mask-body.ts";

const shown = (body: string) => maskBody(body).text;

describe("a body on a screen", () => {
  test("shows a card number by BIN and last four, however it is written", () => {
    expect(shown('{"card":"4330123412341234"}')).toBe('{"card":"4330123412341234"}');
    expect(shown('{"card":"4111111111111111"}')).toBe('{"card":"411111******1111"}');
    expect(shown("card 4111-1111-1111-1111 taken")).toBe("card 4111-11**-****-1111 taken");
  });
  test("leaves amounts, sequences and times alone", () => {
    const body = '{"amount":128000,"sequence":4211,"at":1795700000000}';
    expect(shown(body)).toBe(body);
  });
  test("shows mail and telephone in part", () => {
    expect(shown("minsu.kim@example.co.kr, 010-1234-4821, 01012344821")).toBe(
      "m****@example.co.kr, 010-****-4821, 010****4821",
    );
  });
  test("shows no key and no secret", () => {
    expect(shown(`sk_live_${"a1".repeat(20)} whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw2ZQ8xk0TnXo=`)).toBe(
      "sk_live_… whsec_…",
    );
  });
  test("is cut at 16 KiB, and says so", () => {
    expect(maskBody("x".repeat(shownBodyMaxChars))).toMatchObject({ isCut: false });
    const cut = maskBody("x".repeat(1_000_000));
    expect([cut.isCut, cut.text.length]).toEqual([true, shownBodyMaxChars]);
  });
  test("takes no time over hostile bodies", () => {
    const startedMs = performance.now();
    for (const body of ["1 ".repeat(8_000), "a".repeat(16_000), "a@".repeat(8_000), "0".repeat(16_000)])
      maskBody(body);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});
