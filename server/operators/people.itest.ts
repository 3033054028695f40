import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  changeRole,
  disableOperator,
  enableOperator,
  killSession,
} from "#server/operators/change-operator.ts";
import {
  acceptInvitation,
  inviteOperator,
  readInvitation,
  revokeInvitation,
} from "#server/operators/invite-operator.ts";
import { hashPassword } from "#server/operators/password.ts";
import { readPeople, readSessionsOf } from "#server/operators/people-queries.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { serveInvitationAccept, serveInvitationRead } from "#server/operators/serve-invitation.ts";
import { readSession } from "#server/operators/sessions.ts";
import { signIn } from "#server/operators/sign-in.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

const password = "a long passphrase 7";
let world: TestWorld;
let passwordHash: string;
let count = 0;

beforeAll(async () => {
  world = await openTestWorld();
  passwordHash = await hashPassword(password);
  await vi.waitUntil(() => world.ctx.redis.ping());
});
afterAll(() => world.close());
beforeEach(async () => {
  // The last administrator cannot be deleted either, so everybody is, in a way the guard does not see.
  await world.rows("TRUNCATE operator CASCADE");
  await world.rows("DELETE FROM operator_invitation");
});

async function aPerson(role: OperatorRole = "OPERATOR"): Promise<{ id: string; email: string }> {
  count += 1;
  const person = { id: `op_${count}`, email: `person${count}@example.com` };
  await world.ctx.db.operator.create({ data: { ...person, name: `사람 ${count}`, role, passwordHash } });
  return person;
}

const actorOf = ({ id }: { id: string }) => ({ id, ipAddress: "10.0.0.1" });

async function aSession(email: string): Promise<string> {
  const outcome = await signIn(world.ctx, { email, password, ipAddress: null, userAgent: "test" });
  if (outcome.kind !== "signed_in") throw new Error(`not signed in: ${outcome.because}`);
  return outcome.sessionId;
}

const activeAdmins = async () =>
  (await world.rows("SELECT id FROM operator WHERE role = 'ADMIN' AND disabled_at IS NULL")).length;

describe("the last administrator", () => {
  test("stays, when twenty administrators demote and disable each other at the same moment", async () => {
    for (let round = 0; round < 3; round++) {
      await world.rows("TRUNCATE operator CASCADE");
      const admins = await Promise.all(Array.from({ length: 20 }, () => aPerson("ADMIN")));
      const attempts = await Promise.allSettled(
        admins.map((admin, index) => {
          const target = admins[(index + 1) % admins.length] ?? admin;
          return index % 2 === 0
            ? changeRole(world.ctx, {
                operatorId: target.id,
                role: "VIEWER",
                reason: "부서 이동",
                actor: actorOf(admin),
              })
            : disableOperator(world.ctx, {
                operatorId: target.id,
                reason: "부서 이동",
                actor: actorOf(admin),
              });
        }),
      );
      expect(await activeAdmins()).toBe(1);
      const refused = attempts.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(refused).toHaveLength(1);
      expect(refused[0]).toMatchObject({ code: "LAST_ADMIN" });
    }
  });

  test("cannot be taken away by any statement", async () => {
    await aPerson("ADMIN");
    await aPerson("ADMIN");
    for (const statement of [
      "UPDATE operator SET disabled_at = now()",
      "UPDATE operator SET role = 'AUDITOR' WHERE role = 'ADMIN'",
      "DELETE FROM operator",
    ])
      await expect(world.rows(statement)).rejects.toMatchObject({ constraint: "operator_last_admin" });
    expect(await activeAdmins()).toBe(2);
  });

  test("is not protected from anything else, and others may go", async () => {
    const [first, second] = [await aPerson("ADMIN"), await aPerson("ADMIN")];
    expect(
      await changeRole(world.ctx, {
        operatorId: first.id,
        role: "OPERATOR",
        reason: "부서 이동",
        actor: actorOf(second),
      }),
    ).toEqual({ changed: true });
    await world.rows("UPDATE operator SET name = '새 이름' WHERE id = $1", [second.id]);
  });
});

describe("an account", () => {
  test("is never changed by its own person", async () => {
    const admin = await aPerson("ADMIN");
    await aPerson("ADMIN");
    const own = { operatorId: admin.id, reason: "부서 이동", actor: actorOf(admin) };
    await expect(disableOperator(world.ctx, own)).rejects.toMatchObject({ code: "OWN_ACCOUNT" });
    await expect(enableOperator(world.ctx, own)).rejects.toMatchObject({ code: "OWN_ACCOUNT" });
    await expect(changeRole(world.ctx, { ...own, role: "VIEWER" })).rejects.toMatchObject({
      code: "OWN_ACCOUNT",
    });
  });

  test("loses its sessions at once with another role, though Redis had them cached, and the log says so", async () => {
    const [admin, person] = [await aPerson("ADMIN"), await aPerson()];
    const sessions = [await aSession(person.email), await aSession(person.email)];
    for (const id of sessions) expect(await readSession(world.ctx, id)).toMatchObject({ role: "OPERATOR" });
    await changeRole(world.ctx, {
      operatorId: person.id,
      role: "VIEWER",
      reason: "부서 이동",
      actor: actorOf(admin),
    });
    for (const id of sessions) await vi.waitUntil(async () => (await readSession(world.ctx, id)) === null);
    expect(await readSession(world.ctx, await aSession(person.email))).toMatchObject({ role: "VIEWER" });
    expect(
      await world.rows(
        "SELECT actor_id, detail FROM audit_log WHERE target_id = $1 AND action = 'operator.role_changed'",
        [person.id],
      ),
    ).toEqual([
      {
        actor_id: admin.id,
        detail: {
          email: person.email,
          reason: "부서 이동",
          before: { role: "OPERATOR" },
          after: { role: "VIEWER" },
          sessionsEnded: 2,
          requestsEnded: 0,
          runsPaused: 0,
        },
      },
    ]);
  });

  test("that is disabled cannot sign in, keeps no session and no open invitation, until it is enabled", async () => {
    const [admin, person] = [await aPerson("ADMIN"), await aPerson("ADMIN")];
    const sessionId = await aSession(person.email);
    await inviteOperator(world.ctx, { email: "new@example.com", role: "ADMIN", actor: actorOf(person) });
    await disableOperator(world.ctx, { operatorId: person.id, reason: "부서 이동", actor: actorOf(admin) });
    expect(await readSessionsOf(world.ctx.db, person.id, new Date())).toEqual([]);
    await vi.waitUntil(async () => (await readSession(world.ctx, sessionId)) === null);
    await expect(aSession(person.email)).rejects.toThrow("not signed in");
    expect((await readPeople(world.ctx.db, new Date())).invitations).toEqual([]);
    expect(
      await world.rows(
        "SELECT detail->>'reason' AS reason FROM audit_log WHERE target_id = $1 AND action = 'operator.disabled'",
        [person.id],
      ),
    ).toEqual([{ reason: "부서 이동" }]);
    await enableOperator(world.ctx, { operatorId: person.id, actor: actorOf(admin) });
    await aSession(person.email);
  });

  test("that does not exist, or is so already, changes nothing", async () => {
    const [admin, person] = [await aPerson("ADMIN"), await aPerson()];
    const actor = actorOf(admin);
    await expect(
      disableOperator(world.ctx, { operatorId: "op_none", reason: "부서 이동", actor }),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await enableOperator(world.ctx, { operatorId: person.id, actor })).toEqual({ changed: false });
    expect(
      await changeRole(world.ctx, { operatorId: person.id, role: "OPERATOR", reason: "부서 이동", actor }),
    ).toEqual({
      changed: false,
    });
  });
});

describe("a session", () => {
  test("is ended by its own person or by an administrator, and by nobody else", async () => {
    const [admin, person, other] = [await aPerson("ADMIN"), await aPerson(), await aPerson()];
    const [first, second] = [await aSession(person.email), await aSession(person.email)];
    await expect(
      killSession(world.ctx, { sessionId: first, actor: actorOf(other), ownOnly: true }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await readSession(world.ctx, first)).not.toBeNull();
    await killSession(world.ctx, { sessionId: first, actor: actorOf(person), ownOnly: true });
    await killSession(world.ctx, { sessionId: second, actor: actorOf(admin), ownOnly: false });
    for (const id of [first, second])
      await vi.waitUntil(async () => (await readSession(world.ctx, id)) === null);
    await expect(
      killSession(world.ctx, { sessionId: second, actor: actorOf(admin), ownOnly: false }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("an invitation", () => {
  const anInvitation = async (email = "new@example.com", role: OperatorRole = "SETTLEMENT") => {
    const admin = await aPerson("ADMIN");
    return {
      admin,
      ...(await inviteOperator(world.ctx, { email, role, actor: actorOf(admin) })),
    };
  };
  const accept = (token: string) =>
    acceptInvitation(world.ctx, { token, name: "새 사람", password, ipAddress: null });

  test("makes one operator of its role, however many use the link at once, and its token is kept nowhere", async () => {
    const { token, invitationId } = await anInvitation();
    expect(await readInvitation(world.ctx, token)).toMatchObject({
      email: "new@example.com",
      role: "SETTLEMENT",
    });
    const accepted = await Promise.allSettled(Array.from({ length: 8 }, () => accept(token)));
    expect(accepted.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of accepted)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "INVITATION_NOT_VALID" });
    expect(await readSession(world.ctx, await aSession("new@example.com"))).toMatchObject({
      role: "SETTLEMENT",
    });
    const traces = await world.rows<{ line: string }>(
      "SELECT i::text AS line FROM operator_invitation i UNION ALL SELECT a::text FROM audit_log a",
    );
    expect(traces.some(({ line }) => line.includes(token))).toBe(false);
    expect(traces.some(({ line }) => line.includes(invitationId))).toBe(true);
  });

  test("works no more once it is taken back, replaced by another, or over by the database's clock", async () => {
    const taken = await anInvitation();
    await revokeInvitation(world.ctx, { invitationId: taken.invitationId, actor: actorOf(taken.admin) });
    await expect(accept(taken.token)).rejects.toMatchObject({ code: "INVITATION_NOT_VALID" });
    const first = await anInvitation();
    const second = await anInvitation();
    await expect(accept(first.token)).rejects.toMatchObject({ code: "INVITATION_NOT_VALID" });
    await world.rows("UPDATE operator_invitation SET expires_at = clock_timestamp() WHERE id = $1", [
      second.invitationId,
    ]);
    await expect(accept(second.token)).rejects.toMatchObject({ code: "INVITATION_NOT_VALID" });
  });

  test("is not for somebody who has an account", async () => {
    const [admin, person] = [await aPerson("ADMIN"), await aPerson()];
    await expect(
      inviteOperator(world.ctx, { email: person.email, role: "ADMIN", actor: actorOf(admin) }),
    ).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  });

  test("is answered to our own pages alone, and bad input is a listed refusal", async () => {
    const { token } = await anInvitation();
    const ask = (body: unknown, headers: Record<string, string> = {}) =>
      serveInvitationRead(
        new Request("http://console.example/api/invitations/read", {
          method: "POST",
          headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
        world.ctx,
      );
    expect((await ask({ token })).status).toBe(200);
    expect((await ask({ token }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ask({ token }, { "content-type": "text/plain" })).status).toBe(415);
    expect((await ask({ token: "x" })).status).toBe(400);
    expect((await ask("{")).status).toBe(400);
    expect((await ask({ token: "A".repeat(43) })).status).toBe(409);
    const short = await serveInvitationAccept(
      new Request("http://console.example/api/invitations/accept", {
        method: "POST",
        headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
        body: JSON.stringify({ token, name: "새 사람", password: "too short" }),
      }),
      world.ctx,
    );
    expect(short.status).toBe(400);
  });
});

describe("what somebody has running", () => {
  const running = async (operatorId: string, n: number) => {
    await world.rows(
      `INSERT INTO bulk_cancel_run (id, request_key, state, reason, requested_by, requested_at, rows_given, rows_planned, planned_minor, trace_id)
        VALUES ($1, $1, 'RUNNING', '행사 취소', $2, now(), 1, 1, 1000, 't')`,
      [`bulk_${n}`, operatorId],
    );
    await world.rows(
      `INSERT INTO work_run (id, kind, status, selection, matching_count, item_count, requested_by, created_at, previewed_at, trace_id, reason, started_by, started_at,
          items_per_second)
        VALUES ($1, 'REDRIVE', 'RUNNING', '{}', 1, 1, $2, now(), now(), 't', '장애 복구', $2, now(), 5)`,
      [`run_${n}`, operatorId],
    );
  };
  const states = async (n: number) => [
    (await world.rows<{ state: string }>("SELECT state FROM bulk_cancel_run WHERE id = $1", [`bulk_${n}`]))[0]
      ?.state,
    (
      await world.rows<{ state: string }>("SELECT status AS state FROM work_run WHERE id = $1", [`run_${n}`])
    )[0]?.state,
  ];

  test("stands still once they are shut out or may not start it any longer, and goes on with a role that may", async () => {
    const admin = await aPerson("ADMIN");
    const people = await Promise.all([aPerson(), aPerson(), aPerson()]);
    for (const [n, person] of people.entries()) await running(person.id, n);
    const [shut, demoted, promoted] = people.map(({ id }) => id);
    await disableOperator(world.ctx, { operatorId: shut ?? "", reason: "퇴사", actor: actorOf(admin) });
    await changeRole(world.ctx, {
      operatorId: demoted ?? "",
      role: "VIEWER",
      reason: "퇴사",
      actor: actorOf(admin),
    });
    await changeRole(world.ctx, {
      operatorId: promoted ?? "",
      role: "ADMIN",
      reason: "퇴사",
      actor: actorOf(admin),
    });
    expect(await states(0)).toEqual(["PAUSED", "PAUSED"]);
    expect(await states(1)).toEqual(["PAUSED", "PAUSED"]);
    expect(await states(2)).toEqual(["RUNNING", "RUNNING"]);
    expect(
      await world.rows(
        "SELECT action FROM audit_log WHERE detail->>'because' = 'MAKER_LEFT' AND detail->>'maker' = $1 ORDER BY action",
        [shut],
      ),
    ).toEqual([{ action: "bulk_cancel.paused" }, { action: "work_run.paused" }]);
  });
});
