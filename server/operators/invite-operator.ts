import { createHash, randomBytes } from "node:crypto";
import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import { hashPassword } from "#server/operators/password.ts";
import { invitationLifeDays } from "#server/operators/people.values.ts";
import {
  hasOperatorOf,
  insertInvitation,
  insertOperator,
  loadOpenInvitation,
  lockOpenInvitation,
  markAccepted,
  revokeInvitationRow,
} from "#server/operators/people-repository.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import { redisBudgetsMs } from "#server/platform/redis.ts";

const tokenBytes = 32;

export type Administrator = Readonly<{ id: string; ipAddress: string | null }>;

/** Only this is kept of a link: the token is 256 random bits, so a plain hash gives nothing away. */
const hashOf = (token: string) => createHash("sha256").update(token).digest();

/**
 * Invites a person: the token is answered once and kept nowhere; who has it sets a name and a password within three
 * days. An earlier open invitation of the address is void. Audited. Throws `EMAIL_TAKEN`.
 */
export async function inviteOperator(
  ctx: Pick<Context, "sql" | "ids">,
  { email, role, actor }: Readonly<{ email: string; role: OperatorRole; actor: Administrator }>,
): Promise<{ invitationId: string; token: string; expiresAt: Date }> {
  const id = ctx.ids.newId("invitation");
  const token = randomBytes(tokenBytes).toString("base64url");
  const { expiresAt } = await ctx.sql.transaction(async (sql) => {
    if (await hasOperatorOf(sql, email)) throw new Refusal("EMAIL_TAKEN", { field: "email" });
    const written = await insertInvitation(sql, {
      id,
      email,
      role,
      tokenHash: hashOf(token),
      invitedBy: actor.id,
      lifeMs: invitationLifeDays * 24 * 60 * 60 * 1000,
    });
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "operator.invited",
      target: { type: "operator_invitation", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { email, role },
    });
    return written;
  });
  return { invitationId: id, token, expiresAt };
}

/** Takes an invitation back; its link works no more. Audited. Throws `NOT_FOUND` when it is not open. */
export async function revokeInvitation(
  ctx: Pick<Context, "sql">,
  { invitationId, actor }: Readonly<{ invitationId: string; actor: Administrator }>,
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const revoked = await revokeInvitationRow(sql, invitationId);
    if (!revoked) throw new Refusal("NOT_FOUND");
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "operator.invitation_revoked",
      target: { type: "operator_invitation", id: invitationId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { email: revoked.email },
    });
  });
}

/** Whom a link invites, and as what. Throws `INVITATION_NOT_VALID` for one that is unknown, used, taken back or over: all alike. */
export async function readInvitation(
  ctx: Pick<Context, "sql">,
  token: string,
): Promise<{ email: string; role: OperatorRole; expiresAt: Date }> {
  const invitation = await loadOpenInvitation(ctx.sql, hashOf(token));
  if (!invitation) throw new Refusal("INVITATION_NOT_VALID");
  const { email, role, expiresAt } = invitation;
  return { email, role, expiresAt };
}

/**
 * Makes the operator of an invitation, once: of two who use a link at the same moment one is refused. Audited in the
 * name of the new person. Throws `INVITATION_NOT_VALID` or `EMAIL_TAKEN`.
 */
export async function acceptInvitation(
  ctx: Pick<Context, "sql" | "ids">,
  {
    token,
    name,
    password,
    ipAddress,
  }: Readonly<{ token: string; name: string; password: string; ipAddress: string | null }>,
): Promise<{ email: string }> {
  // Before the work of hashing, which nobody without a link may ask for.
  await readInvitation(ctx, token);
  const passwordHash = await hashPassword(password);
  return ctx.sql.transaction(async (sql) => {
    const invitation = await lockOpenInvitation(sql, hashOf(token));
    if (!invitation) throw new Refusal("INVITATION_NOT_VALID");
    const { email, role } = invitation;
    const id = ctx.ids.newId("operator");
    if (!(await insertOperator(sql, { id, email, name, role, passwordHash })))
      throw new Refusal("EMAIL_TAKEN", { field: "email" });
    await markAccepted(sql, invitation.id, id);
    await recordAudit(sql, {
      actor: { type: "operator", id },
      action: "operator.invitation_accepted",
      target: { type: "operator", id },
      outcome: "success",
      ipAddress,
      detail: { email, role, invitation: invitation.id, invitedBy: invitation.invitedBy },
    });
    return { email };
  });
}

/** One address may try this many links a minute. */
const triesPerMinuteMax = 30;

/** Throws `TOO_MANY_REQUESTS` when one address tries too many links; counted in Redis alone, since a link cannot be guessed anyway. */
export async function limitInvitationTries(
  { redis }: Pick<Context, "redis">,
  ipAddress: string | null,
): Promise<void> {
  if (!ipAddress) return;
  const key = `rate:invitation:${ipAddress}`;
  const answers = await redis.try(
    (r) => r.multi().incr(key).expire(key, 60, "NX").exec(),
    redisBudgetsMs.rateLimit,
  );
  if (Number(answers?.[0]?.[1] ?? 0) > triesPerMinuteMax) throw new Refusal("TOO_MANY_REQUESTS", {}, 60);
}
