import type { DescribedField } from "#server/van/line-gateway.ts";
import { describeSbx1Message } from "#server/van/sbx1/codec.ts";
import { describeSbx2Message } from "#server/van/sbx2/codec.ts";

export type { DescribedField };

/** The fields of one recorded message for the 전문 viewer, in the order of the bytes. A VAN without a decoder gives none. */
export function describeMessage(vanCode: string, bytes: Uint8Array): DescribedField[] {
  switch (vanCode) {
    case "SBX1":
      return describeSbx1Message(bytes);
    case "SBX2":
      return describeSbx2Message(bytes);
    default:
      return [];
  }
}
