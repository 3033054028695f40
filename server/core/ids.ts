import { monotonicFactory } from "ulidx";

/** What an id is of; the prefix is public, so a person can tell what was copied. */
export const idPrefixes = {
  payment: "pay",
  cancel: "cxl",
  mall: "mall",
  apiKey: "key",
  contract: "ctr",
  webhookEndpoint: "whe",
  webhookDelivery: "whd",
  webhookResend: "whr",
  deadLetter: "dl",
  workRun: "run",
  operator: "op",
  session: "ses",
  savedView: "view",
  changeRequest: "chg",
  execution: "exe",
  invitation: "inv",
  bulkRun: "bulk",
  settlementAdjustment: "adj",
  settlementHold: "hold",
  reconFile: "rcf",
  export: "exp",
} as const;

export type IdKind = keyof typeof idPrefixes;

/** Makes ids. A process has one; a test may have one that makes the same ids again. */
export type Ids = Readonly<{
  /** A new id such as `pay_01K9X4T7M2QH5V8RDN3B7ZC4WE`: sorts by the time it was made, 80 bits of it random. `atMs` dates seeded history. */
  newId(kind: IdKind, atMs?: number): string;
  /**
   * A new VAN trace number: 20 characters of Crockford base 32, 9 of time and 11 random.
   * Made before the VAN is asked, stored with the row, never made again (reliability D3, D5).
   */
  newTraceNo(atMs?: number): string;
}>;

const traceAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Ids from a clock (milliseconds since 1970) and a source of chance in [0, 1). */
export function makeIds(nowMs: () => number, random: () => number): Ids {
  const nextUlid = monotonicFactory(random);
  return {
    newId: (kind, atMs = nowMs()) => `${idPrefixes[kind]}_${nextUlid(atMs)}`,
    newTraceNo(atMs = nowMs()) {
      let time = "";
      for (let rest = atMs, i = 0; i < 9; i++) {
        time = traceAlphabet.charAt(rest % 32) + time;
        rest = Math.floor(rest / 32);
      }
      let chance = "";
      for (let i = 0; i < 11; i++) chance += traceAlphabet.charAt(Math.floor(random() * 32));
      return time + chance;
    },
  };
}

/** A number in [0, 1) that nobody can guess. */
function secureRandom(): number {
  if (drawn === pool.length) {
    crypto.getRandomValues(pool);
    drawn = 0;
  }
  const bits = pool[drawn++] ?? 0;
  return bits / 2 ** 32;
}

// Drawn a thousand at a time: one call to the system costs as much as all of them.
const pool = new Uint32Array(1_024);
let drawn = pool.length;

/** The ids of a real process: the machine's clock and its source of secrets. */
export const realIds: Ids = makeIds(Date.now, secureRandom);

/** A new W3C trace id: 32 hex digits, said in `Paydeck-Trace-Id` and in every log line of one request. */
export function newTraceId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}
