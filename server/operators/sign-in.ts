import { createHmac } from "node:crypto";
import { countFailuresSinceSuccess } from "#server/audit/audit-failure-queries.ts";
import { type AuditEntry, recordAudit } from "#server/audit/record-audit.ts";
import { realIds } from "#server/core/ids.ts";
import { findOperatorByEmail, insertSession, lockSignIn } from "#server/operators/operator-repository.ts";
import { passwordLengthMax, verifyAgainstNobody, verifyPassword } from "#server/operators/password.ts";
import type { Context } from "#server/platform/context.ts";
import { redisBudgetsMs } from "#server/platform/redis.ts";

/** The longest a session may live, whatever its use. */
export const sessionLifeSeconds = 10 * 60 * 60;

/** Ten failures within thirty minutes lock a person out for as long (PCI DSS 8.3.4). */
export const failuresMax = 10;
const failureWindowMs = 30 * 60 * 1000;

/** One address may try this often a minute; it bounds the hashing an attacker can ask for. */
const triesPerMinuteMax = 30;

const emailLengthMax = 254;
const userAgentLengthMax = 300;
const action = "operator.signed_in";

export type SignIn = Readonly<{
  email: string;
  password: string;
  ipAddress: string | null;
  userAgent: string | null;
}>;
export type SignInOutcome =
  | Readonly<{ kind: "signed_in"; operatorId: string; sessionId: string }>
  | Readonly<{ kind: "refused"; because: "wrong" | "locked" | "too_many" }>;

type SignInContext = Pick<Context, "db" | "redis" | "env" | "now">;

/**
 * Checks a person's password and opens a session. An unknown address, a wrong password and a disabled account get
 * the same answer after the same work, and lock alike; each try but the rate-limited is in the audit log.
 */
export async function signIn(
  context: SignInContext,
  { email, password, ipAddress, userAgent }: SignIn,
): Promise<SignInOutcome> {
  if (await triesTooOften(context, ipAddress)) return { kind: "refused", because: "too_many" };

  const address = email.trim().slice(0, emailLengthMax);
  const offered = password.slice(0, passwordLengthMax + 1);
  const operator = await findOperatorByEmail(context.db, address);
  const matches = operator
    ? await verifyPassword(offered, operator.passwordHash)
    : await verifyAgainstNobody(offered);
  const targetId = operator?.id ?? nobodyId(context, address);
  const entry = (outcome: AuditEntry["outcome"], detail: Readonly<Record<string, unknown>>): AuditEntry => ({
    actor: { type: "operator", id: targetId },
    action,
    target: { type: "operator", id: targetId },
    outcome,
    ipAddress,
    detail,
  });

  return context.db.$transaction(async (tx): Promise<SignInOutcome> => {
    await lockSignIn(tx, targetId);
    const now = context.now();
    const since = new Date(now.getTime() - failureWindowMs);
    if ((await countFailuresSinceSuccess(tx, { action, targetId, since })) >= failuresMax) {
      await recordAudit(tx, entry("refused", { because: "locked" }));
      return { kind: "refused", because: "locked" };
    }
    if (!operator || !matches || operator.disabledAt) {
      await recordAudit(tx, entry("failure", { because: matches ? "disabled" : "wrong" }));
      return { kind: "refused", because: "wrong" };
    }
    const sessionId = realIds.newId("session", now.getTime());
    await insertSession(tx, {
      id: sessionId,
      operatorId: operator.id,
      at: now,
      expiresAt: new Date(now.getTime() + sessionLifeSeconds * 1000),
      ipAddress,
      userAgent: userAgent?.slice(0, userAgentLengthMax) ?? null,
    });
    await recordAudit(tx, entry("success", { sessionId }));
    return { kind: "signed_in", operatorId: operator.id, sessionId };
  });
}

/** Names an unknown address in the log without writing it down: people type passwords into the wrong field. */
function nobodyId({ env }: SignInContext, address: string): string {
  return `unknown:${createHmac("sha256", env.NEXTAUTH_SECRET).update(address.toLowerCase()).digest("hex").slice(0, 16)}`;
}

/** Counted in Redis alone: without it the lock after ten failures still holds. */
async function triesTooOften({ redis }: SignInContext, ipAddress: string | null): Promise<boolean> {
  if (!ipAddress) return false;
  const key = `rate:sign-in:${ipAddress}`;
  const answers = await redis.try(
    (r) => r.multi().incr(key).expire(key, 60, "NX").exec(),
    redisBudgetsMs.rateLimit,
  );
  return Number(answers?.[0]?.[1] ?? 0) > triesPerMinuteMax;
}
