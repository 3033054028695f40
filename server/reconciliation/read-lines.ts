import { Refusal } from "#server/core/refusals.ts";

/** Far above any record; what is longer is no line of ours. */
const lineLengthMax = 4_096;
const controls = /\p{Cc}/u;

/**
 * The lines of a UTF-8 text as it arrives, without their line feeds, many at a time. The last line must have its line
 * feed. Throws `RECON_FILE_ENCODING` for what is not UTF-8, or begins with a mark of another encoding,
 * `RECON_FILE_TRUNCATED` and `RECON_FILE_MALFORMED`.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  let count = 0;
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new Refusal("RECON_FILE_ENCODING", { expected: "UTF-8" });
    }
  };
  for await (const chunk of bytes) {
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop() ?? "";
    if (count === 0 && (lines[0] ?? rest).startsWith("\uFEFF"))
      throw new Refusal("RECON_FILE_ENCODING", { expected: "UTF-8" });
    count += lines.length;
    const bad = lines.findIndex((line) => line.length > lineLengthMax || controls.test(line));
    if (bad >= 0) throw new Refusal("RECON_FILE_MALFORMED", { line: count - lines.length + bad + 1 });
    if (rest.length > lineLengthMax) throw new Refusal("RECON_FILE_MALFORMED", { line: count + 1 });
    if (lines.length > 0) yield lines;
  }
  try {
    decode();
  } catch {
    // Cut within a character.
    throw new Refusal("RECON_FILE_TRUNCATED", { line: count + 1 });
  }
  if (rest !== "") throw new Refusal("RECON_FILE_TRUNCATED", { line: count + 1 });
}

/** A non-negative whole number of at most 15 digits, or undefined. */
export function readCount(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? BigInt(text) : undefined;
}

/** A whole number of at most 15 digits, negative with a sign, or undefined. */
export function readSigned(text: string | undefined): bigint | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) && text !== "-0" ? BigInt(text) : undefined;
}
