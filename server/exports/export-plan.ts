import { headings } from "#server/exports/domain/file-words.ts";
import type { Cell, Column, FileLanguage, Sums } from "#server/exports/domain/table.ts";
import type { ExportColumn } from "#server/exports/export.values.ts";
import type { Sql } from "#server/platform/db.ts";

/** What an export says of its rows, whatever they are. */
export type RowView = Readonly<{ language: FileLanguage; isMasked: boolean }>;

/** A column with the way to its value. */
export type PlannedColumn<Row> = Column & Readonly<{ key: ExportColumn; cell(row: Row): Cell }>;

/** A list that can become a file: its rows and its sums come from one WHERE, that of the list on the screen. */
export type ExportPlan<Row = unknown> = Readonly<{
  /** A SELECT of every row in the list's order. */
  rows: Readonly<{ text: string; values: readonly unknown[] }>;
  /** Counts and adds up the same rows in the database. Sums that it leaves out are not compared. */
  readSums(sql: Sql): Promise<Readonly<{ count: number; sums: Sums }>>;
  /** Of what a row's sum is; null for rows that are added to nothing. */
  groupOf(row: Row): string | null;
  columns: readonly PlannedColumn<Row>[];
}>;

/** The one group of what has no currencies. */
export const won = "KRW";
export const inWon = () => won;

const widths = { text: 18, amount: 14, count: 10, time: 20, date: 12 } as const;

/** A column of a file. */
export function column<Row>(
  key: ExportColumn,
  type: Column["type"],
  language: FileLanguage,
  cell: (row: Row) => Cell,
  more: Readonly<{ total?: boolean; width?: number }> = {},
): PlannedColumn<Row> {
  return { key, type, heading: headings[key][language], width: widths[type], ...more, cell };
}

/** An amount or a count as a number of JavaScript, which every one of a row is small enough for. */
export function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

/** The sums of one group. */
export function sumsOf(entries: Readonly<Partial<Record<ExportColumn, bigint | number>>>, group = won): Sums {
  return new Map([
    [group, new Map(Object.entries(entries).map(([key, value]) => [key, BigInt(value ?? 0)]))],
  ]);
}
