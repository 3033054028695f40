import { recordAudit } from "#server/audit/record-audit.ts";
import { pauseBulkCancelsOf } from "#server/bulk/pause-bulk-cancels-of.ts";
import { endChangesOfMaker } from "#server/change-requests/end-changes-of-maker.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Administrator } from "#server/operators/invite-operator.ts";
import {
  endOneSession,
  endSessionsOf,
  isLastAdmin,
  lockPerson,
  type PersonRow,
  revokeInvitationsOf,
  writeDisabled,
  writeRole,
} from "#server/operators/people-repository.ts";
import { mayDo, type OperatorRole } from "#server/operators/permissions.ts";
import { forgetSessions } from "#server/operators/sessions.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { pauseRunsOf } from "#server/work-runs/pause-runs-of.ts";

type PeopleContext = Pick<Context, "sql" | "redis">;

/**
 * Gives a person another role. Their sessions end at once, so that nothing is done with the old one, and so does what they
 * have asked for and may ask for no longer, approved or not; runs of theirs that have begun stand still until somebody
 * resumes them. Audited with the reason, 1–200 characters. Throws `OWN_ACCOUNT`, `NOT_FOUND` or `LAST_ADMIN` (the database holds that, however many do it at once).
 */
export function changeRole(
  ctx: PeopleContext,
  {
    operatorId,
    role,
    reason,
    actor,
  }: Readonly<{ operatorId: string; role: OperatorRole; reason: string; actor: Administrator }>,
): Promise<{ changed: boolean }> {
  return changePerson(ctx, operatorId, actor, async (sql, person) => {
    if (person.role === role) return undefined;
    await writeRole(sql, operatorId, role);
    return {
      action: "operator.role_changed",
      reason,
      before: { role: person.role },
      after: { role },
      maker: { role },
    };
  });
}

/**
 * Shuts a person out at once: no sign-in, no session, no invitation of theirs, and nothing they have asked for, approved or
 * not; runs of theirs that have begun stand still until somebody resumes them. Audited with the reason, 1–200 characters. Throws as `changeRole`.
 */
export function disableOperator(
  ctx: PeopleContext,
  { operatorId, reason, actor }: Readonly<{ operatorId: string; reason: string; actor: Administrator }>,
): Promise<{ changed: boolean }> {
  return changePerson(ctx, operatorId, actor, async (sql, person) => {
    if (person.disabledAt) return undefined;
    await writeDisabled(sql, operatorId, true);
    return {
      action: "operator.disabled",
      reason,
      before: { account: "ACTIVE" },
      after: { account: "DISABLED" },
      maker: { role: null },
    };
  });
}

/** Lets a person sign in again, with the role and the password of before. Audited. Throws `OWN_ACCOUNT` or `NOT_FOUND`. */
export function enableOperator(
  ctx: PeopleContext,
  { operatorId, actor }: Readonly<{ operatorId: string; actor: Administrator }>,
): Promise<{ changed: boolean }> {
  return changePerson(ctx, operatorId, actor, async (sql, person) => {
    if (!person.disabledAt) return undefined;
    await writeDisabled(sql, operatorId, false);
    return { action: "operator.enabled", before: { account: "DISABLED" }, after: { account: "ACTIVE" } };
  });
}

type PersonChange = Readonly<{
  action: string;
  /** Why, as the administrator said it; nobody is asked when it takes nothing away. */
  reason?: string;
  before: Readonly<Record<string, string>>;
  after: Readonly<Record<string, string>>;
  /** What they are from now on as one who asks; nothing when they may ask for all that they could. */
  maker?: Readonly<{ role: OperatorRole | null }>;
}>;

async function changePerson(
  ctx: PeopleContext,
  operatorId: string,
  actor: Administrator,
  change: (sql: Sql, person: PersonRow) => Promise<PersonChange | undefined>,
): Promise<{ changed: boolean }> {
  if (operatorId === actor.id) throw new Refusal("OWN_ACCOUNT");
  try {
    const ended = await ctx.sql.transaction(async (sql) => {
      const person = await lockPerson(sql, operatorId);
      if (!person) throw new Refusal("NOT_FOUND");
      const changed = await change(sql, person);
      if (!changed) return undefined;
      const sessions = await endSessionsOf(sql, operatorId);
      await revokeInvitationsOf(sql, operatorId);
      const requestsEnded = changed.maker
        ? await endChangesOfMaker(sql, { makerId: operatorId, role: changed.maker.role, actor })
        : 0;
      const runsPaused = changed.maker
        ? await pauseWhatTheyMayNot(sql, operatorId, changed.maker.role, actor)
        : 0;
      await recordAudit(sql, {
        actor: { type: "operator", id: actor.id },
        action: changed.action,
        target: { type: "operator", id: operatorId },
        outcome: "success",
        ipAddress: actor.ipAddress,
        detail: {
          email: person.email,
          ...(changed.reason !== undefined && { reason: changed.reason }),
          before: changed.before,
          after: changed.after,
          sessionsEnded: sessions.length,
          requestsEnded,
          runsPaused,
        },
      });
      return sessions;
    });
    if (ended) forgetSessions(ctx, ended);
    return { changed: ended !== undefined };
  } catch (error) {
    if (isLastAdmin(error)) throw new Refusal("LAST_ADMIN");
    throw error;
  }
}

/** What somebody started and may not start any longer goes no further by itself. Returns how many runs stand still now. */
async function pauseWhatTheyMayNot(
  sql: Sql,
  operatorId: string,
  role: OperatorRole | null,
  actor: Administrator,
): Promise<number> {
  const bulkCancels =
    role && mayDo(role, "payment:bulk-cancel") ? 0 : await pauseBulkCancelsOf(sql, { operatorId, actor });
  const runs = role && mayDo(role, "dead-letter:redrive") ? 0 : await pauseRunsOf(sql, { operatorId, actor });
  return bulkCancels + runs;
}

/**
 * Ends a session of somebody, at once. With `ownOnly` it must be the actor's. Audited. Throws `NOT_FOUND` when it is not
 * there, has ended, or may not be touched.
 */
export async function killSession(
  ctx: PeopleContext,
  { sessionId, actor, ownOnly }: Readonly<{ sessionId: string; actor: Administrator; ownOnly: boolean }>,
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const operatorId = await endOneSession(sql, sessionId);
    if (!operatorId || (ownOnly && operatorId !== actor.id)) throw new Refusal("NOT_FOUND");
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "operator.session_ended",
      target: { type: "operator", id: operatorId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { sessionId },
    });
  });
  forgetSessions(ctx, [sessionId]);
}
