import { isOpenAt } from "#server/operators/operator-repository.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Db } from "#server/platform/db.ts";

export type Person = Readonly<{
  id: string;
  email: string;
  name: string;
  role: OperatorRole;
  createdAt: Date;
  lastSignedInAt: Date | null;
  disabledAt: Date | null;
  /** Sessions that count at this moment. */
  sessions: number;
}>;

export type Invitation = Readonly<{
  id: string;
  email: string;
  role: OperatorRole;
  invitedByName: string | null;
  createdAt: Date;
  expiresAt: Date;
  isExpired: boolean;
}>;

/** Enough for any team; a list that is longer says so. */
const peopleMax = 500;

/** Everybody who has an account, active ones first, and the invitations that nobody has accepted yet. */
export async function readPeople(
  db: Db,
  now: Date,
): Promise<{ people: Person[]; invitations: Invitation[]; isCut: boolean }> {
  const [rows, invited] = await Promise.all([
    db.operator.findMany({
      orderBy: [{ disabledAt: { sort: "asc", nulls: "first" } }, { name: "asc" }, { id: "asc" }],
      take: peopleMax + 1,
      select: {
        id: true,
        email: true,
        name: true,
        role: true,
        createdAt: true,
        lastSignedInAt: true,
        disabledAt: true,
        _count: { select: { sessions: { where: isOpenAt(now) } } },
      },
    }),
    db.operatorInvitation.findMany({
      where: { acceptedAt: null, revokedAt: null },
      orderBy: { id: "desc" },
      take: peopleMax,
      select: { id: true, email: true, role: true, invitedBy: true, createdAt: true, expiresAt: true },
    }),
  ]);
  const inviters = await db.operator.findMany({
    where: { id: { in: invited.map(({ invitedBy }) => invitedBy) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(inviters.map(({ id, name }) => [id, name]));
  return {
    people: rows.slice(0, peopleMax).map(({ _count, ...person }) => ({
      ...person,
      sessions: person.disabledAt ? 0 : _count.sessions,
    })),
    invitations: invited.map(({ invitedBy, ...invitation }) => ({
      ...invitation,
      invitedByName: nameOf.get(invitedBy) ?? null,
      isExpired: invitation.expiresAt <= now,
    })),
    isCut: rows.length > peopleMax,
  };
}

export type SessionLine = Readonly<{
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
}>;

const sessionsMax = 100;

/** The sessions of a person that count at this moment, the last used first. */
export function readSessionsOf(db: Db, operatorId: string, now: Date): Promise<SessionLine[]> {
  return db.operatorSession.findMany({
    where: { operatorId, ...isOpenAt(now), operator: { disabledAt: null } },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
    take: sessionsMax,
    select: {
      id: true,
      createdAt: true,
      lastSeenAt: true,
      expiresAt: true,
      ipAddress: true,
      userAgent: true,
    },
  });
}
