/** Finished transactions in columns, the oldest first. Codes are places in `xViewOutcomes` and `xViewOperations`. */
export type PointColumns = Readonly<{
  length: number;
  atMs: Float64Array;
  durationMs: Uint32Array;
  outcome: Uint8Array;
  operation: Uint8Array;
  van: Uint8Array;
  mall: Uint16Array;
}>;

/** Empty columns for `length` points. */
export function makeColumns(length: number): PointColumns {
  return {
    length,
    atMs: new Float64Array(length),
    durationMs: new Uint32Array(length),
    outcome: new Uint8Array(length),
    operation: new Uint8Array(length),
    van: new Uint8Array(length),
    mall: new Uint16Array(length),
  };
}

/** Reads what the server's `packPoints` wrote; the format is described there. Throws when the text holds other than `count` points. */
export function unpackPoints(base64: string, count: number, firstAtMs: number): PointColumns {
  const text = atob(base64);
  const columns = makeColumns(count);
  let offset = 0;
  const read = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = text.charCodeAt(offset++);
      if (Number.isNaN(byte)) throw new Error("The points end too early");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  let atMs = firstAtMs;
  for (let index = 0; index < count; index++) {
    atMs += read();
    columns.atMs[index] = atMs;
    columns.durationMs[index] = read();
    const kind = read();
    columns.outcome[index] = kind & 7;
    columns.operation[index] = (kind >> 3) & 1;
    columns.van[index] = kind >> 4;
    columns.mall[index] = read();
  }
  if (offset !== text.length) throw new Error("The points do not end where they should");
  return columns;
}
