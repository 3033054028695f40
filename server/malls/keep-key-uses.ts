import { plainAddress } from "#server/malls/address-range.ts";
import type { MallOfKey } from "#server/malls/find-mall-of-key.ts";
import { type KeyUse, writeKeyUses } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** One key and address are noted once in this time: a busy mall costs as much as a quiet one. */
const noteEveryMs = 10_000;
/** Many more than a process hears of within a second; beyond that uses are let go. */
const waitingMax = 5_000;

type Notes = { noted: Map<string, number>; waiting: Map<string, KeyUse> };
const notesOf = new WeakMap<Sql, Notes>();

/** Notes that a key was used, and from where. Costs the request no statement: `keepKeyUses` writes many uses at once. */
export function noteKeyUse(
  ctx: Pick<Context, "sql" | "now" | "monotonicMs">,
  { keyId, mallId }: Pick<MallOfKey, "keyId" | "mallId">,
  address: string | null,
): void {
  let notes = notesOf.get(ctx.sql);
  if (!notes) {
    notes = { noted: new Map(), waiting: new Map() };
    notesOf.set(ctx.sql, notes);
  }
  const name = `${keyId} ${address}`;
  const nowMs = ctx.monotonicMs();
  if (nowMs - (notes.noted.get(name) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
  if (notes.noted.size >= waitingMax) notes.noted.clear();
  notes.noted.set(name, nowMs);
  if (notes.waiting.size >= waitingMax) return;
  const plain = address === null ? undefined : plainAddress(address);
  notes.waiting.set(name, { keyId, mallId, address: plain ?? null, at: ctx.now() });
}

/**
 * Writes what was noted since the last time, in one commit and never on a connection that money waits for. Returns how
 * many uses. What cannot be written is let go: the next use is noted again.
 */
export async function keepKeyUses(ctx: Pick<Context, "sql" | "reports" | "log">): Promise<number> {
  const waiting = notesOf.get(ctx.sql)?.waiting;
  if (!waiting || waiting.size === 0) return 0;
  const uses = [...waiting.values()];
  waiting.clear();
  try {
    await writeKeyUses(ctx.reports, uses);
    return uses.length;
  } catch (error) {
    ctx.log.warn({ err: error }, "the last use of some keys was not written");
    return 0;
  }
}

const keepEveryMs = 1_000;
/** A database that hangs does not keep a process from ending. */
const lastKeepMaxMs = 1_000;

/** Keeps the key uses of this process each second until it is stopped, and once more then. */
export function keepKeyUsesRegularly(ctx: Pick<Context, "sql" | "reports" | "log" | "sleep">): {
  stop(): Promise<void>;
} {
  let turn: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    turn = turn.then(() => keepKeyUses(ctx));
  }, keepEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      const last = turn.then(() => keepKeyUses(ctx));
      await Promise.race([last, ctx.sleep(lastKeepMaxMs)]);
    },
  };
}
