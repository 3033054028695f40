import type { Prisma } from "#prisma/generated/client.ts";
import type { SignedInOperator } from "#server/operators/permissions.ts";
import { sessionIdleMs } from "#server/operators/session.values.ts";
import type { Db } from "#server/platform/db.ts";

type Tx = Db | Prisma.TransactionClient;

export type StoredOperator = Readonly<{ id: string; passwordHash: string; disabledAt: Date | null }>;

/** The operator of an address, written in any case. */
export async function findOperatorByEmail(tx: Tx, email: string): Promise<StoredOperator | null> {
  return tx.operator.findUnique({
    where: { email: email.toLowerCase() },
    select: { id: true, passwordHash: true, disabledAt: true },
  });
}

/** Lets one sign-in of a person be decided at a time, until the transaction ends: ten tries at once are counted as ten. */
export async function lockSignIn(tx: Prisma.TransactionClient, targetId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`sign-in:${targetId}`}, 0))`;
}

export type NewSession = Readonly<{
  id: string;
  operatorId: string;
  at: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
}>;

/** Opens a session and notes the sign-in. */
export async function insertSession(tx: Prisma.TransactionClient, session: NewSession): Promise<void> {
  const { id, operatorId, at, expiresAt, ipAddress, userAgent } = session;
  await tx.operatorSession.create({
    data: { id, operatorId, createdAt: at, lastSeenAt: at, expiresAt, ipAddress, userAgent },
  });
  await tx.operator.update({ where: { id: operatorId }, data: { lastSignedInAt: at } });
}

export type LiveSession = Readonly<{ operator: SignedInOperator; expiresAt: Date; lastSeenAt: Date }>;

/** What a session's row must say to count at `now`: not ended, not expired, used not too long ago. */
export function isOpenAt(now: Date) {
  return {
    endedAt: null,
    expiresAt: { gt: now },
    lastSeenAt: { gt: new Date(now.getTime() - sessionIdleMs) },
  };
}

/** A session that still counts at `now`, of a person who is not disabled. */
export async function findLiveSession(db: Db, sessionId: string, now: Date): Promise<LiveSession | null> {
  const row = await db.operatorSession.findUnique({
    where: { id: sessionId, ...isOpenAt(now) },
    select: {
      expiresAt: true,
      lastSeenAt: true,
      operator: { select: { id: true, email: true, name: true, role: true, disabledAt: true } },
    },
  });
  if (!row || row.operator.disabledAt) return null;
  const { id, email, name, role } = row.operator;
  return {
    operator: { id, email, name, role, sessionId },
    expiresAt: row.expiresAt,
    lastSeenAt: row.lastSeenAt,
  };
}

/** Notes that its person did something; one that is over stays over. */
export async function touchSession(db: Db, sessionId: string, now: Date): Promise<void> {
  await db.operatorSession.updateMany({
    where: { id: sessionId, ...isOpenAt(now) },
    data: { lastSeenAt: now },
  });
}

/** Ends a session; answers whose it was, or null when it had ended already. */
export async function markSessionEnded(
  tx: Prisma.TransactionClient,
  sessionId: string,
  now: Date,
): Promise<string | null> {
  const { count } = await tx.operatorSession.updateMany({
    where: { id: sessionId, endedAt: null },
    data: { endedAt: now },
  });
  if (count === 0) return null;
  const row = await tx.operatorSession.findUniqueOrThrow({
    where: { id: sessionId },
    select: { operatorId: true },
  });
  return row.operatorId;
}
