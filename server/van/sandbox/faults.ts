import { readTestCodes, type TestFault } from "../domain/test-codes.ts";

export const operations = ["APPROVE", "CANCEL", "NET_CANCEL", "INQUIRY"] as const;
export type Operation = (typeof operations)[number];

/** A fault that hits messages at random until it is lifted. `DOWN` refuses every connection, whatever the probability. */
export type RandomFault = Readonly<{
  mode: string;
  fault: TestFault | "DOWN";
  probability: number;
  until: Date | null;
  operations: readonly Operation[];
}>;

/**
 * Reads the body of `PUT /faults`. Without `operations` a decline or a late approval hits approvals, anything
 * else every message; a mode with a prefix (`NETCANCEL_TIMEOUT`) hits what it names. Returns a sentence for a body that cannot be used.
 */
export function readRandomFault(body: unknown): RandomFault | string {
  if (typeof body !== "object" || body === null) return "The body must be a JSON object.";
  const { mode, probability = 1, until = null, operations: given } = body as Record<string, unknown>;
  if (typeof mode !== "string") return "mode must be a test code or DOWN.";
  if (typeof probability !== "number" || !(probability >= 0 && probability <= 1))
    return "probability must be a number from 0 to 1.";
  const untilAt = until === null ? null : new Date(until as string | number);
  if (untilAt && Number.isNaN(untilAt.getTime()))
    return "until must be a time: ISO 8601, or milliseconds since 1970.";
  if (
    given !== undefined &&
    !(Array.isArray(given) && given.every((name) => (operations as readonly unknown[]).includes(name)))
  ) {
    return `operations must be a list of ${operations.join(", ")}.`;
  }
  if (mode === "DOWN")
    return { mode, fault: "DOWN", probability, until: untilAt, operations: [...operations] };
  const [code, ...more] = readTestCodes(mode);
  if (!code || more.length > 0) return "mode must be one test code or DOWN.";
  const named = code.operation ? [code.operation] : undefined;
  const usual =
    code.fault.kind === "DECLINE" || code.fault.kind === "LATE_APPROVAL" ? ["APPROVE" as const] : operations;
  return {
    mode,
    fault: code.fault,
    probability,
    until: untilAt,
    operations: (given as Operation[] | undefined) ?? named ?? usual,
  };
}
