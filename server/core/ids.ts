import { monotonicFactory } from "ulidx";

const nextUlid = monotonicFactory();

/** What an id is of; the prefix is public, so a person can tell what was copied. */
export const idPrefixes = {
  payment: "pay",
  cancel: "cxl",
  mall: "mall",
  apiKey: "key",
  webhookEndpoint: "whe",
  webhookDelivery: "whd",
  deadLetter: "dl",
  operator: "op",
  session: "ses",
} as const;

export type IdKind = keyof typeof idPrefixes;

/** A new id such as `pay_01K9X4T7M2QH5V8RDN3B7ZC4WE`: sorts by the time it was made, 80 bits of it random. `atMs` dates seeded history. */
export function newId(kind: IdKind, atMs: number = Date.now()): string {
  return `${idPrefixes[kind]}_${nextUlid(atMs)}`;
}

const traceAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * A new VAN trace number: 20 characters of Crockford base 32, 9 of time and 11 random.
 * Made before the VAN is asked, stored with the row, never made again (reliability D3, D5).
 */
export function newTraceNo(atMs: number = Date.now()): string {
  let time = "";
  for (let rest = atMs, i = 0; i < 9; i++) {
    time = traceAlphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(11))) random += traceAlphabet.charAt(byte & 31);
  return time + random;
}

/** A new W3C trace id: 32 hex digits, said in `Paydeck-Trace-Id` and in every log line of one request. */
export function newTraceId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}
