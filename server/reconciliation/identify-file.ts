import { isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { FileKind } from "#server/reconciliation/reconciliation.values.ts";

/** What a file says of itself in its first record. */
export type FileIdentity = Readonly<{ kind: FileKind; vanCode: string; businessDate: string }>;

const headBytes = 64;

const isoDate = (text: string) => text;
const plainDate = (text: string) => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;

/** The first record of each format, which is ASCII in all of them. */
const heads: readonly Readonly<{
  kind: FileKind;
  pattern: RegExp;
  date: (text: string) => string;
}>[] = [
  { kind: "DEPOSIT", pattern: /^H,DEPOSIT,([A-Z0-9]{1,12}),(\d{4}-\d{2}-\d{2}),/, date: isoDate },
  { kind: "VAN", pattern: /^H,([A-Z0-9]{1,12}),(\d{4}-\d{2}-\d{2})\r?\n/, date: isoDate },
  { kind: "VAN", pattern: /^H([A-Z]{3}\d)(\d{8}) /, date: plainDate },
];

/** Byte order marks, and the zero bytes of text in two-byte units. */
const isMarked = (head: Uint8Array) =>
  (head[0] === 0xef && head[1] === 0xbb) ||
  (head[0] === 0xff && head[1] === 0xfe) ||
  (head[0] === 0xfe && head[1] === 0xff) ||
  head.includes(0);

/**
 * Looks at the first record of a file and hands on what it says and all its bytes, if `check` does not refuse what it says. Whatever is refused
 * here or while it is read is let go of, so that no connection stays with a body that nobody reads. Throws `RECON_FILE_ENCODING`, `RECON_FILE_TRUNCATED` for
 * one without any, `RECON_FILE_MALFORMED` for one of no format we know, and what `check` throws.
 */
export async function identifyFile(
  bytes: AsyncIterable<Uint8Array>,
  check: (identity: FileIdentity) => void,
): Promise<Readonly<{ identity: FileIdentity; bytes: AsyncIterable<Uint8Array> }>> {
  const reader = bytes[Symbol.asyncIterator]();
  const early: Uint8Array[] = [];
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* early;
      yield* { [Symbol.asyncIterator]: () => reader };
    } finally {
      // What ends among the first pieces has not come to the rest.
      await reader.return?.();
    }
  }
  try {
    let length = 0;
    while (length < headBytes) {
      const { done, value } = await reader.next();
      if (done) break;
      early.push(value);
      length += value.length;
    }
    const identity = readIdentity(Buffer.concat(early).subarray(0, headBytes));
    check(identity);
    return { identity, bytes: all() };
  } catch (error) {
    await reader.return?.();
    throw error;
  }
}

function readIdentity(head: Buffer): FileIdentity {
  if (head.length === 0) throw new Refusal("RECON_FILE_TRUNCATED", { line: 1 });
  if (isMarked(head)) throw new Refusal("RECON_FILE_ENCODING", { line: 1 });
  const text = head.toString("latin1");
  for (const { kind, pattern, date } of heads) {
    const [, vanCode, day] = pattern.exec(text) ?? [];
    if (vanCode === undefined || day === undefined) continue;
    const businessDate = date(day);
    if (!isBusinessDate(businessDate)) break;
    return { kind, vanCode, businessDate };
  }
  throw new Refusal("RECON_FILE_MALFORMED", { line: 1 });
}
