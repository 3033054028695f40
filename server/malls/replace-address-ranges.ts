import { Refusal } from "#server/core/refusals.ts";
import { type AddressRange, findRange, type RangeLine, readRangeList } from "#server/malls/address-range.ts";
import { changeMall } from "#server/malls/change-mall.ts";
import { addressRangesMax } from "#server/malls/mall.values.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { type Caller, loadRanges, loadRecentCallers, writeRanges } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

export type RangePreview = Readonly<{
  ranges: readonly Readonly<{ cidr: string; note: string }>[];
  broken: readonly RangeLine[];
  isTooLong: boolean;
  /** Who called in the last 24 hours and would be refused, the latest first. */
  shutOut: readonly Caller[];
  /** How many addresses called in the last 24 hours. */
  callerCount: number;
}>;

/** What a list as typed would do, before anybody saves it. */
export async function previewAddressRanges(
  ctx: Pick<Context, "sql">,
  { mallId, text }: Readonly<{ mallId: string; text: string }>,
): Promise<RangePreview> {
  const { ranges, broken } = readRangeList(text);
  const callers = await loadRecentCallers(ctx.sql, mallId);
  return {
    ranges: ranges.map(({ cidr, note }) => ({ cidr, note })),
    broken,
    isTooLong: ranges.length > addressRangesMax,
    shutOut: shutOutBy(ranges, callers),
    callerCount: callers.length,
  };
}

/**
 * Puts a list of networks in the place of the present one; an empty list lets the mall call from anywhere. A list that would
 * shut out a caller of the last 24 hours is taken only from a person who has seen which (`shutsOut`). Audited with both lists.
 * Throws `NOT_FOUND`, `INVALID_REQUEST` for a line that is no network, and `CHANGED_MEANWHILE` when the list, or whom it
 * shuts out, is not what the person saw.
 */
export function replaceAddressRanges(
  ctx: Pick<Context, "sql">,
  command: MallCommand & Readonly<{ text: string; seen: readonly string[]; shutsOut: readonly string[] }>,
): Promise<{ changed: boolean }> {
  const { ranges, broken } = readRangeList(command.text);
  const [first] = broken;
  if (first) throw new Refusal("INVALID_REQUEST", { field: "text", line: first.line });
  if (ranges.length > addressRangesMax) throw new Refusal("INVALID_REQUEST", { field: "text" });
  return changeMall<{ changed: boolean }>(ctx, command, async (sql, mall) => {
    const before = await loadRanges(sql, mall.id);
    if (
      !isSame(
        before.map(({ cidr }) => cidr),
        command.seen,
      )
    )
      throw new Refusal("CHANGED_MEANWHILE");
    await refuseUnseen(sql, mall.id, ranges, command.shutsOut);
    const after = ranges.map(({ cidr, note }) => ({ cidr, note }));
    if (isSame(before.map(lineOf), after.map(lineOf))) return { result: { changed: false } };
    await writeRanges(sql, mall.id, after);
    return {
      result: { changed: true },
      audit: {
        action: "mall.addresses_changed",
        detail: {
          before: { addresses: before.map(lineOf).join("\n") },
          after: { addresses: after.map(lineOf).join("\n") },
          shutsOut: command.shutsOut.join(", "),
        },
      },
    };
  });
}

async function refuseUnseen(
  sql: Sql,
  mallId: string,
  ranges: readonly AddressRange[],
  seen: readonly string[],
): Promise<void> {
  const shutOut = shutOutBy(ranges, await loadRecentCallers(sql, mallId));
  if (shutOut.some(({ address }) => !seen.includes(address))) throw new Refusal("CHANGED_MEANWHILE");
}

function shutOutBy(ranges: readonly AddressRange[], callers: readonly Caller[]): Caller[] {
  return ranges.length === 0 ? [] : callers.filter(({ address }) => !findRange(ranges, address));
}

function lineOf({ cidr, note }: Readonly<{ cidr: string; note: string }>): string {
  return note === "" ? cidr : `${cidr} # ${note}`;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
