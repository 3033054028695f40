import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { hashPassword } from "#server/operators/password.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { sessionIdleMs } from "#server/operators/session.values.ts";
import {
  endSession,
  readSession,
  readSessionAtPage,
  readSessionTimes,
  renewSession,
} from "#server/operators/sessions.ts";
import { failuresMax, sessionLifeSeconds, signIn } from "#server/operators/sign-in.ts";
import type { Context } from "#server/platform/context.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

const password = "a long passphrase 7";
let world: TestWorld;
let passwordHash: string;
let people = 0;

beforeAll(async () => {
  world = await openTestWorld();
  passwordHash = await hashPassword(password);
  await vi.waitUntil(() => world.ctx.redis.ping());
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ctx.redis.try((redis) => redis.flushdb());
});

async function aPerson(
  facts: { role?: OperatorRole; disabledAt?: Date } = {},
): Promise<{ id: string; email: string }> {
  people += 1;
  const person = { id: `op_${people}`, email: `person${people}@example.com` };
  await world.ctx.db.operator.create({
    data: { ...person, name: "박준영", role: "OPERATOR", passwordHash, ...facts },
  });
  return person;
}

const from = { ipAddress: null, userAgent: "test" };
const wrong = { kind: "refused", because: "wrong" };

async function signedIn(
  context: Context = world.ctx,
): Promise<{ person: { id: string; email: string }; sessionId: string }> {
  const person = await aPerson();
  const outcome = await signIn(context, { email: person.email, password, ...from });
  if (outcome.kind !== "signed_in") throw new Error(`not signed in: ${outcome.because}`);
  return { person, sessionId: outcome.sessionId };
}

const auditOf = (targetId: string) =>
  world.rows<{ action: string; outcome: string; detail: Record<string, unknown> }>(
    "SELECT action, outcome, detail FROM audit_log WHERE target_id = $1 ORDER BY seq",
    [targetId],
  );

describe("signing in", () => {
  test("opens a session for ten hours and writes it down", async () => {
    const { person, sessionId } = await signedIn();
    expect(await readSession(world.ctx, sessionId)).toMatchObject({
      id: person.id,
      role: "OPERATOR",
      sessionId,
    });
    const [session] = await world.rows<{ seconds: number }>(
      "SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM operator_session WHERE id = $1",
      [sessionId],
    );
    expect(session?.seconds).toBe(sessionLifeSeconds);
    expect(await auditOf(person.id)).toMatchObject([
      { action: "operator.signed_in", outcome: "success", detail: { sessionId } },
    ]);
  });

  test("takes the address in any case and with stray spaces", async () => {
    const person = await aPerson();
    expect(
      await signIn(world.ctx, { email: ` ${person.email.toUpperCase()} `, password, ...from }),
    ).toMatchObject({ kind: "signed_in" });
  });

  test("answers an unknown address, a wrong password and a disabled person alike", async () => {
    const person = await aPerson();
    const disabled = await aPerson({ disabledAt: new Date() });
    expect(await signIn(world.ctx, { email: "nobody@example.com", password, ...from })).toEqual(wrong);
    expect(await signIn(world.ctx, { email: person.email, password: "wrong", ...from })).toEqual(wrong);
    expect(await signIn(world.ctx, { email: disabled.email, password, ...from })).toEqual(wrong);
  });

  test("never writes down what was typed as an unknown address", async () => {
    await signIn(world.ctx, { email: "my-password-by-mistake", password, ...from });
    const rows = await world.rows<{ line: string }>("SELECT audit_log::text AS line FROM audit_log");
    expect(rows.some(({ line }) => line.includes("my-password-by-mistake"))).toBe(false);
    expect(rows.some(({ line }) => line.includes("unknown:"))).toBe(true);
  });

  test("locks after ten failures, even for the right password, and even when they come at once", async () => {
    const person = await aPerson();
    const tries = Array.from({ length: failuresMax + 5 }, () =>
      signIn(world.ctx, { email: person.email, password: "wrong", ...from }),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((answer) => answer.kind === "refused" && answer.because === "wrong")).toHaveLength(
      failuresMax,
    );
    expect(await signIn(world.ctx, { email: person.email, password, ...from })).toEqual({
      kind: "refused",
      because: "locked",
    });
  });

  test("locks an unknown address like a known one", async () => {
    const email = "nobody-at-all@example.com";
    for (let i = 0; i < failuresMax; i++) await signIn(world.ctx, { email, password: "wrong", ...from });
    expect(await signIn(world.ctx, { email, password, ...from })).toEqual({
      kind: "refused",
      because: "locked",
    });
  });

  test("opens again thirty minutes after the failures, whatever was tried while locked", async () => {
    const person = await aPerson();
    for (let i = 0; i < failuresMax + 2; i++)
      await signIn(world.ctx, { email: person.email, password: "wrong", ...from });
    const later = { ...world.ctx, now: () => new Date(Date.now() + 31 * 60 * 1000) };
    expect(await signIn(later, { email: person.email, password, ...from })).toMatchObject({
      kind: "signed_in",
    });
  });

  test("forgets failures at a success", async () => {
    const person = await aPerson();
    const fail = () => signIn(world.ctx, { email: person.email, password: "wrong", ...from });
    for (let i = 0; i < failuresMax - 1; i++) await fail();
    await signIn(world.ctx, { email: person.email, password, ...from });
    await fail();
    expect(await signIn(world.ctx, { email: person.email, password, ...from })).toMatchObject({
      kind: "signed_in",
    });
  });

  test("bounds the tries of one address", async () => {
    const person = await aPerson();
    await world.ctx.redis.try((redis) => redis.set("rate:sign-in:203.0.113.9", "30", "EX", 60));
    expect(
      await signIn(world.ctx, { email: person.email, password, ipAddress: "203.0.113.9", userAgent: null }),
    ).toEqual({
      kind: "refused",
      because: "too_many",
    });
  });
});

/** The world as it is `ms` from now. */
const at = (ms: number): Context => ({ ...world.ctx, now: () => new Date(Date.now() + ms) });

describe("a session", () => {
  test("ends at once, though Redis had it cached", async () => {
    const { person, sessionId } = await signedIn();
    expect(await readSession(world.ctx, sessionId)).not.toBeNull();
    expect(await world.ctx.redis.try((redis) => redis.exists(`session:${sessionId}`))).toBe(1);
    await endSession(world.ctx, sessionId, null);
    expect(await readSession(world.ctx, sessionId)).toBeNull();
    expect((await auditOf(person.id)).map(({ action }) => action)).toEqual([
      "operator.signed_in",
      "operator.signed_out",
    ]);
  });

  test("cannot be brought back by a reader that asked before it ended", async () => {
    const { sessionId } = await signedIn();
    const { redis } = world.ctx;
    let ended = Promise.resolve();
    const slow: Context["redis"] = {
      ...redis,
      // Between the row's answer and its way into the cache, the session ends.
      later(command) {
        ended = endSession(world.ctx, sessionId, null).then(() => redis.later(command));
      },
    };
    await readSession({ ...world.ctx, redis: slow }, sessionId);
    await ended;
    expect(await readSession(world.ctx, sessionId)).toBeNull();
  });

  test("outlives the loss of everything in Redis", async () => {
    const { person, sessionId } = await signedIn();
    await readSession(world.ctx, sessionId);
    await world.ctx.redis.try((redis) => redis.flushall());
    expect(await readSession(world.ctx, sessionId)).toMatchObject({ id: person.id });
  });

  test("works and ends without any Redis", async () => {
    const away: Context["redis"] = { ...world.ctx.redis, try: async () => undefined };
    const context = { ...world.ctx, redis: away };
    const { person, sessionId } = await signedIn(context);
    expect(await readSession(context, sessionId)).toMatchObject({ id: person.id });
    await endSession(context, sessionId, null);
    expect(await readSession(context, sessionId)).toBeNull();
  });

  test("is over after ten hours, cached or not", async () => {
    const { sessionId } = await signedIn();
    await readSession(world.ctx, sessionId);
    const later = at(sessionLifeSeconds * 1000 + 1_000);
    // However busy its person was until then.
    await world.ctx.db.operatorSession.update({
      where: { id: sessionId },
      data: { lastSeenAt: later.now() },
    });
    expect(await readSession(later, sessionId)).toBeNull();
    expect(await renewSession(later, sessionId)).toBeNull();
    await world.ctx.redis.try((redis) => redis.flushdb());
    expect(await readSession(later, sessionId)).toBeNull();
  });

  test("is over after fifteen minutes of screens that only ask", async () => {
    const { sessionId } = await signedIn();
    for (const minutes of [5, 10, 14]) {
      await world.ctx.redis.try((redis) => redis.flushdb());
      expect(await readSession(at(minutes * 60_000), sessionId)).not.toBeNull();
    }
    expect(await readSession(at(sessionIdleMs + 1_000), sessionId)).toBeNull();
    expect(await renewSession(at(sessionIdleMs + 1_000), sessionId)).toBeNull();
    // A clock that ran ahead changed nothing: it counts still.
    await world.ctx.redis.try((redis) => redis.flushdb());
    expect(await readSession(world.ctx, sessionId)).not.toBeNull();
  });

  test("goes on for fifteen minutes from each sign of its person, also past what was cached", async () => {
    const { person, sessionId } = await signedIn();
    expect(await readSessionTimes(world.ctx, sessionId)).toEqual({
      idleLeftMs: expect.closeTo(sessionIdleMs, -5),
      lifeLeftMs: expect.closeTo(sessionLifeSeconds * 1000, -5),
    });
    await readSession(world.ctx, sessionId);
    const renewed = await renewSession(at(14 * 60_000), sessionId);
    expect(renewed?.idleLeftMs).toBeGreaterThan(sessionIdleMs - 10_000);
    expect(renewed?.lifeLeftMs).toBeLessThan(sessionLifeSeconds * 1000 - 13 * 60_000);
    expect(await readSession(at(28 * 60_000), sessionId)).toMatchObject({ id: person.id });
    await world.ctx.redis.try((redis) => redis.flushdb());
    expect(await readSession(at(30 * 60_000), sessionId)).toBeNull();
  });

  test("goes on when a page is opened, which is written down once a minute", async () => {
    const { sessionId } = await signedIn();
    const seenAt = async () => {
      const [row] = await world.rows<{ at: Date }>(
        "SELECT last_seen_at AS at FROM operator_session WHERE id = $1",
        [sessionId],
      );
      return row?.at.getTime();
    };
    const begun = await seenAt();
    await readSessionAtPage(at(50_000), sessionId);
    expect(await seenAt()).toBe(begun);
    const times = await readSessionAtPage(at(14 * 60_000), sessionId);
    expect(times?.idleLeftMs).toBeGreaterThan(sessionIdleMs - 10_000);
    expect(await readSessionAtPage(at(30 * 60_000), sessionId)).toBeNull();
  });

  test("that was ended is renewed by nothing", async () => {
    const { sessionId } = await signedIn();
    await endSession(world.ctx, sessionId, null);
    expect(await renewSession(world.ctx, sessionId)).toBeNull();
    expect(await readSessionTimes(world.ctx, sessionId)).toBeNull();
  });

  test("stops when its person is disabled", async () => {
    const { person, sessionId } = await signedIn();
    await world.ctx.db.operator.update({ where: { id: person.id }, data: { disabledAt: new Date() } });
    expect(await readSession(world.ctx, sessionId)).toBeNull();
  });

  test("asks the row when the cache holds something unreadable", async () => {
    const { person, sessionId } = await signedIn();
    await world.ctx.redis.try((redis) => redis.set(`session:${sessionId}`, "{broken"));
    expect(await readSession(world.ctx, sessionId)).toMatchObject({ id: person.id });
  });

  test("that never was is nobody", async () => {
    expect(await readSession(world.ctx, "ses_unknown")).toBeNull();
  });
});
