import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

export type CopyValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | readonly (string | number)[]
  | null;
/** A row by its column names. */
export type CopyRow = Readonly<Record<string, CopyValue>>;

const chunkLength = 64 * 1024;

/** Loads rows with COPY. All of them have the same columns in the same order. Returns how many there were. */
export async function copyRows(client: pg.Client, table: string, rows: Iterable<CopyRow>): Promise<number> {
  const reader = rows[Symbol.iterator]();
  const first = reader.next();
  if (first.done) return 0;
  const columns = Object.keys(first.value);
  let count = 0;
  function* text(): Generator<string> {
    let chunk = "";
    for (let row = first; !row.done; row = reader.next()) {
      count++;
      chunk += formatRow(table, columns, row.value);
      if (chunk.length >= chunkLength) {
        yield chunk;
        chunk = "";
      }
    }
    if (chunk) yield chunk;
  }
  await pipeline(
    Readable.from(text(), { objectMode: false }),
    client.query(copyFrom(`COPY ${table} (${columns.join(", ")}) FROM STDIN`)),
  );
  return count;
}

function formatRow(table: string, columns: readonly string[], row: CopyRow): string {
  let line = "";
  for (const [index, column] of columns.entries()) {
    const value = row[column];
    if (value === undefined) throw new Error(`a row of ${table} has no ${column}`);
    line += (index === 0 ? "" : "\t") + formatValue(value);
  }
  return `${line}\n`;
}

const special = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const escapeText = (text: string) => text.replace(special, (found) => escapes[found] ?? found);

function formatValue(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "string") return escapeText(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array)
    return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  if (Array.isArray(value))
    return escapeText(
      `{${value.map((item) => (typeof item === "number" ? item : JSON.stringify(item))).join(",")}}`,
    );
  return String(value);
}
