export type Charset = "euc-kr" | "utf-8";

/**
 * One byte of a message: its hex pair, and the character that begins there with how many bytes of its line it covers.
 * A byte that continues a character has none.
 */
export type ByteCell = Readonly<{
  offset: number;
  hex: string;
  glyph: Readonly<{ text: string; width: number }> | null;
}>;

export type ByteLine = Readonly<{ offset: number; cells: readonly ByteCell[] }>;

/** Reads base64 as bytes. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

/** All bytes as hex pairs, a blank between them. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, hexPair).join(" ");
}

/** All bytes as text of their charset; what is none becomes U+FFFD. */
export function textOf(bytes: Uint8Array, charset: Charset): string {
  return new TextDecoder(charset).decode(bytes);
}

const hexPair = (byte: number) => byte.toString(16).padStart(2, "0");

/**
 * Bytes as lines of a byte view. A character of several bytes stands where its first byte is and covers the others as
 * far as its line goes, so no character is ever torn. What cannot be shown is a full stop.
 */
export function byteLines(bytes: Uint8Array<ArrayBuffer>, charset: Charset, perLine: number): ByteLine[] {
  const glyphs = glyphsOf(bytes, charset);
  const lines: ByteLine[] = [];
  for (let start = 0; start < bytes.length; start += perLine) {
    const end = Math.min(start + perLine, bytes.length);
    const cells: ByteCell[] = [];
    for (let offset = start; offset < end; offset++) {
      const text = glyphs[offset] ?? "";
      let width = 1;
      while (offset + width < end && glyphs[offset + width] === "") width++;
      cells.push({
        offset,
        hex: hexPair(bytes[offset] ?? 0),
        glyph: text === "" ? (offset === start ? { text: "", width } : null) : { text, width },
      });
    }
    lines.push({ offset: start, cells });
  }
  return lines;
}

/** The index of the field that each byte belongs to; -1 for those of none, such as the quotes around names in JSON. */
export function fieldOfEachByte(
  length: number,
  fields: readonly Readonly<{ offset: number; length: number }>[],
): Int16Array {
  const owners = new Int16Array(length).fill(-1);
  for (const [index, field] of fields.entries())
    owners.fill(index, field.offset, field.offset + field.length);
  return owners;
}

/** For each byte the character that begins there; empty for the bytes that continue one. */
function glyphsOf(bytes: Uint8Array<ArrayBuffer>, charset: Charset): string[] {
  const decoder = new TextDecoder(charset, { fatal: true });
  const glyphs: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(lengthOfCharacter(bytes[at] ?? 0, charset), bytes.length - at);
    const glyph = decode(decoder, bytes.subarray(at, at + length));
    const width = glyph === null ? 1 : length;
    glyphs.push(glyph ?? ".", ...Array.from({ length: width - 1 }, () => ""));
    at += width;
  }
  return glyphs;
}

function lengthOfCharacter(first: number, charset: Charset): number {
  if (first < 0x80) return 1;
  if (charset === "euc-kr") return first >= 0x81 && first <= 0xfe ? 2 : 1;
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}

function decode(decoder: TextDecoder, bytes: Uint8Array<ArrayBuffer>): string | null {
  const [first = 0] = bytes;
  if (bytes.length === 1 && (first < 0x20 || first === 0x7f)) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    // Not a character of this charset: it is shown as a byte alone.
    return null;
  }
}
