export type Charset = "euc-kr" | "utf-8";

/** One line of a hex view: where it begins, its bytes as hex pairs, and its text. */
export type HexLine = Readonly<{ offset: number; hex: readonly string[]; text: string }>;

/** Reads base64 as bytes. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

/**
 * Bytes as lines of a hex view. A character of several bytes stands where its first byte is, so the text of a line may
 * end before its bytes do, and no character is ever torn. What cannot be shown is a middle dot.
 */
export function hexLines(bytes: Uint8Array<ArrayBuffer>, charset: Charset, perLine: number): HexLine[] {
  const glyphs = glyphsOf(bytes, charset);
  const lines: HexLine[] = [];
  for (let offset = 0; offset < bytes.length; offset += perLine) {
    lines.push({
      offset,
      hex: [...bytes.subarray(offset, offset + perLine)].map((byte) => byte.toString(16).padStart(2, "0")),
      text: glyphs.slice(offset, offset + perLine).join(""),
    });
  }
  return lines;
}

/** For each byte the character that begins there; empty for the bytes that continue one. */
function glyphsOf(bytes: Uint8Array<ArrayBuffer>, charset: Charset): string[] {
  const decoder = new TextDecoder(charset, { fatal: true });
  const glyphs: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(lengthOfCharacter(bytes[at] ?? 0, charset), bytes.length - at);
    const glyph = decode(decoder, bytes.subarray(at, at + length));
    const width = glyph === null ? 1 : length;
    glyphs.push(glyph ?? "·", ...Array.from({ length: width - 1 }, () => ""));
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
