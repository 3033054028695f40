import { expect, test } from "vitest";
import { originalJobKey, redriveJobKey } from "#server/dead-letters/domain/job-key.ts";

test("a re-drive of a re-drive leads back to the letter of the first job", () => {
  const key = "net-cancel:pay_01K9X4T7M2QH5V8RDN3B7ZC4WE";
  expect(redriveJobKey(key, 2)).toBe(`${key}#redrive-2`);
  expect(originalJobKey(redriveJobKey(key, 2))).toBe(key);
  expect(originalJobKey(key)).toBe(key);
});
