import { z } from "zod";
import { recordAudit } from "#server/audit/record-audit.ts";
import {
  findLiveSession,
  type LiveSession,
  markSessionEnded,
  touchSession,
} from "#server/operators/operator-repository.ts";
import { operatorRoles, type SignedInOperator } from "#server/operators/permissions.ts";
import { type SessionTimes, sessionIdleMs } from "#server/operators/session.values.ts";
import type { Context } from "#server/platform/context.ts";
import { redisBudgetsMs } from "#server/platform/redis.ts";

type SessionContext = Pick<Context, "db" | "redis" | "now">;

/**
 * How long the row's answer may be repeated from Redis: the calls of one screen. A session that ends while Redis cannot be
 * told lives no longer than this in another process, and a person who is disabled no longer anywhere (ASVS 7.4.2).
 */
const cacheMs = 1_000;
const signEveryMs = 60_000;
/** Stands in the cache for a session that ended; a reader that began before cannot write over it. */
const endedMark = "ended";
const endedMarkMs = 60_000;

const cachedSession = z.object({
  operator: z.object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(operatorRoles),
    sessionId: z.string(),
  }),
  endsAtMs: z.number(),
});

const keyOf = (sessionId: string) => `session:${sessionId}`;

/**
 * The person of a session, or null when it ended, expired, lay idle or its person was disabled. To ask is no use of it:
 * screens ask by themselves (`renewSession`). The row in PostgreSQL decides; Redis
 * repeats its answer for at most a second, and without Redis every call asks the row, so losing it logs nobody out.
 */
export async function readSession(
  context: SessionContext,
  sessionId: string,
): Promise<SignedInOperator | null> {
  const now = context.now();
  const cached = await context.redis.try((redis) => redis.get(keyOf(sessionId)), redisBudgetsMs.session);
  if (cached === endedMark) return null;
  const known = readCached(cached);
  // An answer that is over may have been renewed since: the row knows.
  if (known?.operator.sessionId === sessionId && known.endsAtMs > now.getTime()) return known.operator;

  const live = await findLiveSession(context.db, sessionId, now);
  if (!live) return null;
  const { idleLeftMs, lifeLeftMs } = timesOf(live, now);
  const endsAtMs = now.getTime() + Math.min(idleLeftMs, lifeLeftMs);
  const value = JSON.stringify({ operator: live.operator, endsAtMs });
  // Not for later: by then the answer is old.
  if (context.redis.isUp())
    context.redis.later((redis) => redis.set(keyOf(sessionId), value, "PX", cacheMs, "NX"));
  return live.operator;
}

function timesOf({ expiresAt, lastSeenAt }: LiveSession, now: Date): SessionTimes {
  return {
    idleLeftMs: lastSeenAt.getTime() + sessionIdleMs - now.getTime(),
    lifeLeftMs: expiresAt.getTime() - now.getTime(),
  };
}

/** What is left of a session, from its row; null when nothing is. */
export async function readSessionTimes(
  { db, now }: SessionContext,
  sessionId: string,
): Promise<SessionTimes | null> {
  const at = now();
  const live = await findLiveSession(db, sessionId, at);
  return live && timesOf(live, at);
}

/** Lets a session begin its idle time anew, because its person did something; null when it is over already. */
export async function renewSession(context: SessionContext, sessionId: string): Promise<SessionTimes | null> {
  await touchSession(context.db, sessionId, context.now());
  return readSessionTimes(context, sessionId);
}

/** What is left as its person opens a page, which is a sign of them too, noted to a minute; null when it is over. */
export async function readSessionAtPage(
  context: SessionContext,
  sessionId: string,
): Promise<SessionTimes | null> {
  const times = await readSessionTimes(context, sessionId);
  return times && sessionIdleMs - times.idleLeftMs >= signEveryMs ? renewSession(context, sessionId) : times;
}

/** What the cache says; something unreadable there counts as nothing, because the row decides. */
function readCached(text: string | null | undefined): z.infer<typeof cachedSession> | null {
  if (!text) return null;
  try {
    return cachedSession.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Ends a session at once, in the database and in the cache. Ending it twice is harmless. */
export async function endSession(
  context: SessionContext,
  sessionId: string,
  ipAddress: string | null,
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const operatorId = await markSessionEnded(tx, sessionId, context.now());
    if (operatorId === null) return;
    await recordAudit(tx, {
      actor: { type: "operator", id: operatorId },
      action: "operator.signed_out",
      target: { type: "operator", id: operatorId },
      outcome: "success",
      ipAddress,
      detail: { sessionId },
    });
  });
  forgetSessions(context, [sessionId]);
}

/** Marks sessions as ended in the cache, at once. Call it after the commit that ended their rows. */
export function forgetSessions({ redis }: Pick<Context, "redis">, sessionIds: readonly string[]): void {
  // Whoever reads the row from now on sees it ended; the mark outlives every older answer. While Redis rests nobody here
  // asks it, and it hears of the mark before it is asked again.
  for (const sessionId of sessionIds)
    redis.later((client) => client.set(keyOf(sessionId), endedMark, "PX", endedMarkMs));
}
