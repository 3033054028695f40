import { findRange, plainAddress, readRange } from "#server/malls/address-range.ts";
import { loadRanges } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";

/** Whether an address would be let in, and by which line (from 1). `no_list`: the mall may call from anywhere. */
export type AddressVerdict =
  | Readonly<{ kind: "not_an_address" }>
  | Readonly<{ kind: "no_list"; address: string }>
  | Readonly<{ kind: "refused"; address: string }>
  | Readonly<{ kind: "let_in"; address: string; line: number; cidr: string; note: string }>;

/** Asks the mall's list as a request from that address would, by the same code. Changes nothing. */
export async function testAddress(
  ctx: Pick<Context, "sql">,
  { mallId, address: typed }: Readonly<{ mallId: string; address: string }>,
): Promise<AddressVerdict> {
  const address = plainAddress(typed);
  if (!address) return { kind: "not_an_address" };
  const rows = await loadRanges(ctx.sql, mallId);
  if (rows.length === 0) return { kind: "no_list", address };
  const ranges = rows.flatMap(({ cidr, note }) => {
    const range = readRange(cidr, note);
    return "broken" in range ? [] : [range];
  });
  const range = findRange(ranges, address);
  if (!range) return { kind: "refused", address };
  const { cidr, note } = range;
  return { kind: "let_in", address, line: rows.findIndex((row) => row.cidr === cidr) + 1, cidr, note };
}
