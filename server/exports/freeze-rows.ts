import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { assert } from "#server/core/assert.ts";
import type { Cells, Sums } from "#server/exports/domain/table.ts";
import { exportRowsMax } from "#server/exports/export.values.ts";
import { writeDurably } from "#server/exports/export-folder.ts";
import type { FrozenPart } from "#server/exports/export-repository.ts";
import type { FilePlan } from "#server/exports/plan-export.ts";
import { openSnapshot } from "#server/exports/snapshot-queries.ts";
import type { Context } from "#server/platform/context.ts";

const compress = promisify(gzip);
/** Rows of one part: what a worker that dies loses of its work, and what is in memory at once. */
const partRows = 2_500;

export class TooManyRows extends Error {
  override readonly name = "TooManyRows";
}

/** All rows of a list as they stood at one moment, on the disk. */
export type FrozenRows = Readonly<{
  frozenAt: Date;
  rowsTotal: number;
  sums: Sums;
  parts: readonly FrozenPart[];
}>;

/**
 * Reads all rows of a plan in one snapshot and keeps what the file will say of them. The database counts and adds up the
 * same rows in the same snapshot; were a single one missing, doubled or another, it would throw. `onProgress` may end it
 * by throwing. Throws `TooManyRows`.
 */
export async function freezeRows(
  ctx: Pick<Context, "reports" | "now">,
  plan: FilePlan,
  {
    folder,
    prefix,
    onProgress,
  }: Readonly<{
    folder: string;
    /** Begins the names of the files, so that no other worker writes into them. */
    prefix: string;
    onProgress(done: Readonly<{ rowsTotal: number; rowsRead: number }>): Promise<void>;
  }>,
): Promise<FrozenRows> {
  return ctx.reports.transaction(async (sql) => {
    const snapshot = await openSnapshot(sql, plan.rows);
    const frozenAt = ctx.now();
    const expected = await plan.readSums(sql);
    if (expected.count > exportRowsMax) throw new TooManyRows(`${expected.count} rows`);
    await onProgress({ rowsTotal: expected.count, rowsRead: 0 });
    await snapshot.begin();
    const parts: FrozenPart[] = [];
    const sums = new Map<string, Map<string, bigint>>();
    let rowsRead = 0;
    let lines: string[] = [];
    const closePart = async () => {
      const partNo = parts.length + 1;
      const rowsName = `${prefix}rows-${partNo}.gz`;
      await writeDurably(
        join(folder, rowsName),
        await compress(lines.join("\n"), { level: constants.Z_BEST_SPEED }),
      );
      parts.push({ partNo, rowCount: lines.length, rowsName });
      lines = [];
      await onProgress({ rowsTotal: expected.count, rowsRead });
    };
    for (let rows = await snapshot.next(); rows.length > 0; rows = await snapshot.next()) {
      for (const row of rows) {
        addUp(sums, plan, row);
        lines.push(JSON.stringify(plan.columns.map((column) => column.cell(row)) satisfies Cells));
        rowsRead++;
        if (lines.length === partRows) await closePart();
      }
    }
    if (lines.length > 0) await closePart();
    assert(rowsRead === expected.count, `${expected.count} rows were counted and ${rowsRead} read`);
    assertSame(expected.sums, sums);
    return { frozenAt, rowsTotal: rowsRead, sums, parts };
  });
}

function addUp(sums: Map<string, Map<string, bigint>>, plan: FilePlan, row: unknown): void {
  const group = plan.groupOf(row);
  if (group === null) return;
  let of = sums.get(group);
  if (!of) {
    of = new Map();
    sums.set(group, of);
  }
  for (const column of plan.summed)
    of.set(column.key, (of.get(column.key) ?? 0n) + BigInt(column.cell(row) ?? 0));
}

function assertSame(expected: Sums, found: Sums): void {
  for (const [group, sums] of expected)
    for (const [key, sum] of sums) {
      const ours = found.get(group)?.get(key) ?? 0n;
      assert(ours === sum, `${key} of ${group} is ${sum} in the database and ${ours} in the file`);
    }
  for (const group of found.keys())
    assert(expected.size === 0 || expected.has(group), `${group} is in the file and not in the database`);
}
