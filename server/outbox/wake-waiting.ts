import { wakeWaitingMessages } from "#server/outbox/outbox-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/** Long enough that what waited does not come back all at once, short enough for "resolved within a minute". */
const spreadMs = 20_000;

/** Tells the jobs that wait for something, such as `van:SBX1`, that it is back: each is due at its own moment of the next twenty seconds. Returns how many. */
export function wakeWaiting(sql: Sql, what: string): Promise<number> {
  return wakeWaitingMessages(sql, what, spreadMs);
}
