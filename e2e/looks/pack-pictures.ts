/**
 * Makes the pictures of the console small enough for the repository: 256 colours instead of all, the same pixels.
 * `npm run looks` runs it over whatever Playwright has taken anew; a picture that is packed already stays as it is.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const folder = join(import.meta.dirname, "pictures");
const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const paletteMax = 256;
/** The most frequent colours are kept as they are: grounds, lines and texts tell selected, disabled and plain apart. */
const exactMax = 96;
/** A colour may be told up to this many steps of 256 off, in each channel; the comparison forgives more. */
const offMax = 12;

type Chunk = Readonly<{ type: string; data: Buffer }>;

function readChunks(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < file.length; ) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString("latin1", at + 4, at + 8),
      data: file.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, sum]);
}

/** The bytes of the rows, without the filters that PNG puts on them (PNG specification, 9.2). */
function unfilter(packed: Buffer, rows: number, rowBytes: number, pixelBytes: number): Buffer {
  const bytes = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const filter = packed[row * (rowBytes + 1)] ?? 0;
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column;
      const left = column < pixelBytes ? 0 : (bytes[at - pixelBytes] ?? 0);
      const up = row === 0 ? 0 : (bytes[at - rowBytes] ?? 0);
      const upLeft = row === 0 || column < pixelBytes ? 0 : (bytes[at - rowBytes - pixelBytes] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter] ?? 0;
      bytes[at] = ((packed[row * (rowBytes + 1) + 1 + column] ?? 0) + guess) & 255;
    }
  }
  return bytes;
}

function paeth(left: number, up: number, upLeft: number): number {
  const guess = left + up - upLeft;
  const [byLeft, byUp, byUpLeft] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - upLeft)];
  if (byLeft <= byUp && byLeft <= byUpLeft) return left;
  return byUp <= byUpLeft ? up : upLeft;
}

const distance = (a: number, b: number) =>
  Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  );

/** The colours to keep: the most frequent, and each other one that has none of them near. As exact as 256 allow. */
function choosePalette(counts: ReadonlyMap<number, number>): number[] {
  const colours = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  for (let off = 0; off <= offMax; off++) {
    const palette = colours.slice(0, exactMax);
    for (const colour of colours.slice(exactMax)) {
      if (palette.every((kept) => distance(kept, colour) > off)) palette.push(colour);
      if (palette.length > paletteMax) break;
    }
    if (palette.length <= paletteMax) return palette;
  }
  throw new Error(`The picture has more colours than ${paletteMax} can stand for`);
}

/** The picture in at most 256 colours, or `null` when it is that already. */
function pack(file: Buffer): Buffer | null {
  const chunks = readChunks(file);
  const header = chunks[0]?.data;
  const colourType = header?.[9];
  if (!header || colourType === 3) return null;
  if (header[8] !== 8 || (colourType !== 2 && colourType !== 6))
    throw new Error("Only RGB and RGBA are read");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixelBytes = colourType === 2 ? 3 : 4;
  const packed = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)),
  );
  const bytes = unfilter(packed, height, width * pixelBytes, pixelBytes);

  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let at = 0; at < colours.length; at++) {
    const colour = bytes.readUIntBE(at * pixelBytes, 3);
    colours[at] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = choosePalette(counts);
  const placeOf = new Map<number, number>();
  for (const colour of counts.keys()) {
    let nearest = 0;
    for (let place = 1; place < palette.length; place++)
      if (distance(palette[place] ?? 0, colour) < distance(palette[nearest] ?? 0, colour)) nearest = place;
    placeOf.set(colour, nearest);
  }

  const rows = Buffer.alloc(height * (width + 1));
  for (let at = 0; at < colours.length; at++)
    rows[at + Math.floor(at / width) + 1] = placeOf.get(colours[at] ?? 0) ?? 0;
  const head = Buffer.from(header);
  head[9] = 3;
  const entries = Buffer.alloc(palette.length * 3);
  for (const [place, colour] of palette.entries()) entries.writeUIntBE(colour, place * 3, 3);
  return Buffer.concat([
    signature,
    writeChunk({ type: "IHDR", data: head }),
    writeChunk({ type: "PLTE", data: entries }),
    writeChunk({ type: "IDAT", data: deflateSync(rows, { level: 9, memLevel: 9 }) }),
    writeChunk({ type: "IEND", data: Buffer.alloc(0) }),
  ]);
}

let bytes = 0;
let anew = 0;
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".png")) continue;
  const path = join(folder, name);
  const file = readFileSync(path);
  const packed = pack(file);
  if (packed) {
    writeFileSync(path, packed);
    anew++;
  }
  bytes += (packed ?? file).length;
}
process.stdout.write(`${anew} pictures packed; all of them take ${(bytes / 1e6).toFixed(1)} MB\n`);
