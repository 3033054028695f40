import { httpLineHeaders } from "#server/van/http-line.ts";
import type { DescribedField } from "#server/van/line-gateway.ts";
import { describeSbx1Message, sbx1Path } from "#server/van/sbx1/codec.ts";
import { describeSbx2Message } from "#server/van/sbx2/codec.ts";
import type { VanOperation } from "#server/van/van-line.ts";

/** A field as the 전문 viewer shows it; `masked` when what is kept is not what was sent. */
export type ShownField = DescribedField & Readonly<{ masked: boolean }>;

/** The fields of one recorded message for the 전문 viewer, in the order of the bytes. A VAN without a decoder gives none. */
export function describeMessage(vanCode: string, bytes: Uint8Array): ShownField[] {
  return fieldsOf(vanCode, bytes).map((field) => ({ ...field, masked: isMasked(field) }));
}

function fieldsOf(vanCode: string, bytes: Uint8Array): DescribedField[] {
  switch (vanCode) {
    case "SBX1":
      return describeSbx1Message(bytes);
    case "SBX2":
      return describeSbx2Message(bytes);
    default:
      return [];
  }
}

/** Stars where a card's number or expiry was, or a card number that a VAN sent back in another field (`maskCardIn`). */
function isMasked({ name, value }: DescribedField): boolean {
  return name === "cardNumber" || name === "cardExpiry"
    ? value.includes("*")
    : /\d{6}\*{2,}(?:\d{4})?/.test(value);
}

/** What travels before the recorded body, for a VAN that is asked over HTTP; null for one whose message is all there is. */
export type Envelope = Readonly<{
  line: string;
  headers: readonly (readonly [name: string, value: string])[];
}>;

/** The request line and headers that our line sends with such a message: they are the same each time and not recorded. */
export function describeEnvelope(
  vanCode: string,
  operation: VanOperation,
  bytes: Uint8Array,
): Envelope | null {
  if (vanCode !== "SBX1") return null;
  return {
    line: `POST ${sbx1Path(operation)} HTTP/1.1`,
    headers: [...httpLineHeaders, ["content-length", String(bytes.length)]],
  };
}
