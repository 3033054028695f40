import type { OperatorRole } from "#server/operators/permissions.ts";
import { type Sql, sqlStateOf } from "#server/platform/db.ts";

export type PersonRow = Readonly<{ id: string; email: string; role: OperatorRole; disabledAt: Date | null }>;

/** A person, locked until the end of the transaction. */
export async function lockPerson(sql: Sql, id: string): Promise<PersonRow | undefined> {
  const [row] = await sql.run<PersonRow>(
    {
      name: "operator-lock",
      text: `SELECT id, email, role::text AS role, disabled_at AS "disabledAt" FROM operator WHERE id = $1 FOR UPDATE`,
    },
    [id],
  );
  return row;
}

/** The role of a person who may sign in, held as it is until the end of the transaction; others may hold it too. */
export async function lockRoleShared(sql: Sql, id: string): Promise<OperatorRole | undefined> {
  const [row] = await sql.run<{ role: OperatorRole }>(
    {
      name: "operator-lock-role",
      text: "SELECT role::text AS role FROM operator WHERE id = $1 AND disabled_at IS NULL FOR SHARE",
    },
    [id],
  );
  return row?.role;
}

/** Throws (see `isLastAdmin`) when nobody would be left who administers. */
export async function writeRole(sql: Sql, id: string, role: OperatorRole): Promise<void> {
  await sql.run(
    { name: "operator-role", text: "UPDATE operator SET role = $2::operator_role WHERE id = $1" },
    [id, role],
  );
}

/** Throws (see `isLastAdmin`) when nobody would be left who administers. */
export async function writeDisabled(sql: Sql, id: string, isDisabled: boolean): Promise<void> {
  await sql.run(
    {
      name: "operator-disabled",
      text: "UPDATE operator SET disabled_at = CASE WHEN $2 THEN clock_timestamp() END WHERE id = $1",
    },
    [id, isDisabled],
  );
}

/** True when the database refused because it was the last administrator who can sign in. */
export function isLastAdmin(error: unknown): boolean {
  return (
    sqlStateOf(error) === "23514" && (error as { constraint?: unknown }).constraint === "operator_last_admin"
  );
}

/** Ends every session of a person; returns which. */
export async function endSessionsOf(sql: Sql, operatorId: string): Promise<string[]> {
  const rows = await sql.run<{ id: string }>(
    {
      name: "operator-end-sessions",
      text: "UPDATE operator_session SET ended_at = clock_timestamp() WHERE operator_id = $1 AND ended_at IS NULL RETURNING id",
    },
    [operatorId],
  );
  return rows.map(({ id }) => id);
}

/** Ends one session; returns whose it was, or undefined when it is not there or has ended. */
export async function endOneSession(sql: Sql, sessionId: string): Promise<string | undefined> {
  const [row] = await sql.run<{ operatorId: string }>(
    {
      name: "operator-end-session",
      text: `UPDATE operator_session SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL RETURNING operator_id AS "operatorId"`,
    },
    [sessionId],
  );
  return row?.operatorId;
}

/** True when there is an operator of this address. */
export async function hasOperatorOf(sql: Sql, email: string): Promise<boolean> {
  const rows = await sql.run({ name: "operator-of-email", text: "SELECT 1 FROM operator WHERE email = $1" }, [
    email,
  ]);
  return rows.length > 0;
}

export type NewInvitation = Readonly<{
  id: string;
  email: string;
  role: OperatorRole;
  tokenHash: Buffer;
  invitedBy: string;
  lifeMs: number;
}>;

/** Writes an invitation in place of an earlier open one of the address. */
export async function insertInvitation(sql: Sql, invitation: NewInvitation): Promise<{ expiresAt: Date }> {
  await sql.run(
    {
      name: "invitation-replace",
      text: "UPDATE operator_invitation SET revoked_at = clock_timestamp() WHERE email = $1 AND accepted_at IS NULL AND revoked_at IS NULL",
    },
    [invitation.email],
  );
  const [row] = await sql.run<{ expiresAt: Date }>(
    {
      name: "invitation-insert",
      text: `INSERT INTO operator_invitation (id, email, role, token_hash, invited_by, expires_at)
        VALUES ($1, $2, $3::operator_role, $4, $5, clock_timestamp() + $6 * interval '1 millisecond') RETURNING expires_at AS "expiresAt"`,
    },
    [
      invitation.id,
      invitation.email,
      invitation.role,
      invitation.tokenHash,
      invitation.invitedBy,
      invitation.lifeMs,
    ],
  );
  return row as { expiresAt: Date };
}

/** Takes an open invitation back; returns whose address it was for. */
export async function revokeInvitationRow(sql: Sql, id: string): Promise<{ email: string } | undefined> {
  const [row] = await sql.run<{ email: string }>(
    {
      name: "invitation-revoke",
      text: "UPDATE operator_invitation SET revoked_at = clock_timestamp() WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING email",
    },
    [id],
  );
  return row;
}

/** Takes back the open invitations that a person has made. */
export async function revokeInvitationsOf(sql: Sql, invitedBy: string): Promise<void> {
  await sql.run(
    {
      name: "invitation-revoke-of",
      text: "UPDATE operator_invitation SET revoked_at = clock_timestamp() WHERE invited_by = $1 AND accepted_at IS NULL AND revoked_at IS NULL",
    },
    [invitedBy],
  );
}

export type OpenInvitation = Readonly<{
  id: string;
  email: string;
  role: OperatorRole;
  invitedBy: string;
  expiresAt: Date;
}>;

const openInvitation = `FROM operator_invitation
  WHERE token_hash = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()`;
const invitationColumns = `id, email, role::text AS role, invited_by AS "invitedBy", expires_at AS "expiresAt"`;

/** The invitation of a link that can still be accepted, by the clock of the database. */
export async function loadOpenInvitation(sql: Sql, tokenHash: Buffer): Promise<OpenInvitation | undefined> {
  const [row] = await sql.run<OpenInvitation>(
    { name: "invitation-load", text: `SELECT ${invitationColumns} ${openInvitation}` },
    [tokenHash],
  );
  return row;
}

/** As `loadOpenInvitation`, locked until the end of the transaction. */
export async function lockOpenInvitation(sql: Sql, tokenHash: Buffer): Promise<OpenInvitation | undefined> {
  const [row] = await sql.run<OpenInvitation>(
    { name: "invitation-lock", text: `SELECT ${invitationColumns} ${openInvitation} FOR UPDATE` },
    [tokenHash],
  );
  return row;
}

/** Marks an invitation as used by the operator it made. */
export async function markAccepted(sql: Sql, invitationId: string, operatorId: string): Promise<void> {
  await sql.run(
    {
      name: "invitation-accept",
      text: "UPDATE operator_invitation SET accepted_at = clock_timestamp(), operator_id = $2 WHERE id = $1",
    },
    [invitationId, operatorId],
  );
}

/** Writes a new operator; false when the address has one already. */
export async function insertOperator(
  sql: Sql,
  person: Readonly<{ id: string; email: string; name: string; role: OperatorRole; passwordHash: string }>,
): Promise<boolean> {
  const rows = await sql.run(
    {
      name: "operator-insert",
      text: `INSERT INTO operator (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4::operator_role, $5)
        ON CONFLICT (email) DO NOTHING RETURNING id`,
    },
    [person.id, person.email, person.name, person.role, person.passwordHash],
  );
  return rows.length === 1;
}
