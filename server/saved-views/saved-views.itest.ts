import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { readDefaultView } from "#server/saved-views/read-views.ts";
import { ownViewsMax, sharedViewsMax } from "#server/saved-views/saved-view.schemas.ts";
import { savedViewRouter } from "#server/saved-views/saved-view-router.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const [id, name] of [
    ["op_A", "박영"],
    ["op_B", "김수"],
    ["op_V", "이조회"],
    ["op_ADMIN", "최관리"],
  ])
    await world.rows(
      "INSERT INTO operator (id, email, name, role, password_hash) VALUES ($1, $1 || '@paydeck.test', $2, 'OPERATOR', 'x')",
      [id, name],
    );
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.rows("DELETE FROM saved_view");
  await world.rows("DELETE FROM list_preference");
});

/** The procedures as a person of that role calls them. */
const as = (id: string, role: OperatorRole) =>
  savedViewRouter.createCaller({
    context: world.ctx,
    operator: { id, email: `${id}@paydeck.test`, name: id, role, sessionId: "ses_T" },
    traceId: "trace",
    ipAddress: "10.0.0.1",
  });
const alice = () => as("op_A", "OPERATOR");
const bob = () => as("op_B", "OPERATOR");
const viewer = () => as("op_V", "VIEWER");
const admin = () => as("op_ADMIN", "ADMIN");

const content = {
  filter: { status: ["UNKNOWN" as const], amountMin: "100000", date: "today" },
  sort: "-amount" as const,
  columns: ["status", "order", "amount"],
};
const listName = "payments" as const;
const aView = (name: string, isShared = false) => ({ listName, name, isShared, content });
const namesOf = async (person: ReturnType<typeof as>) =>
  (await person.list({ listName })).views.map((view) => view.name);
const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });

describe("a personal view", () => {
  test("is seen by its owner alone, and comes back as it was saved", async () => {
    const id = await alice().save(aView("큰 결과불명"));
    expect((await alice().list({ listName })).views).toEqual([
      { id, name: "큰 결과불명", isShared: false, isOwn: true, ownerName: "박영", content },
    ]);
    expect(await namesOf(bob())).toEqual([]);
    expect(await namesOf(admin())).toEqual([]);
  });

  test("cannot be changed, deleted or brought back by anybody else: for them it does not exist", async () => {
    const id = await alice().save(aView("mine"));
    for (const other of [bob(), admin()]) {
      await expect(other.change({ id, name: "theirs" })).rejects.toEqual(refused("NOT_FOUND"));
      await expect(other.delete({ id })).rejects.toEqual(refused("NOT_FOUND"));
      await expect(other.chooseDefault({ listName, id })).rejects.toEqual(refused("NOT_FOUND"));
    }
    expect(await namesOf(alice())).toEqual(["mine"]);
  });

  test("may be kept by everybody, also by who only looks", async () => {
    await viewer().save(aView("조회용"));
    expect(await namesOf(viewer())).toEqual(["조회용"]);
  });
});

describe("a shared view", () => {
  test("is seen by everybody, and changed only by its owner or an ADMIN", async () => {
    const id = await alice().save(aView("팀 보기", true));
    expect((await bob().list({ listName })).views).toMatchObject([
      { name: "팀 보기", isShared: true, isOwn: false, ownerName: "박영" },
    ]);
    await expect(bob().change({ id, name: "x" })).rejects.toEqual(refused("FORBIDDEN_SCOPE"));
    await expect(bob().delete({ id })).rejects.toEqual(refused("FORBIDDEN_SCOPE"));
    await admin().change({ id, name: "고친 보기" });
    await alice().change({ id, content: { ...content, sort: "requestedAt" } });
    expect((await viewer().list({ listName })).views).toMatchObject([
      { name: "고친 보기", content: { sort: "requestedAt", filter: content.filter } },
    ]);
    await alice().change({ id, isShared: false });
    expect(await namesOf(bob())).toEqual([]);
  });

  test("is not for a VIEWER to make, neither at once nor later", async () => {
    await expect(viewer().save(aView("x", true))).rejects.toEqual(refused("FORBIDDEN_SCOPE"));
    const id = await viewer().save(aView("x"));
    await expect(viewer().change({ id, isShared: true })).rejects.toEqual(refused("FORBIDDEN_SCOPE"));
  });
});

describe("a name", () => {
  test("is there once for a person, in any case, and free for others", async () => {
    await alice().save(aView("Today"));
    await expect(alice().save(aView("TODAY"))).rejects.toEqual(refused("VIEW_NAME_TAKEN"));
    const id = await alice().save(aView("other"));
    await expect(alice().change({ id, name: "today" })).rejects.toEqual(refused("VIEW_NAME_TAKEN"));
    await alice().change({ id, name: "OTHER" });
    await bob().save(aView("Today"));
  });

  test("is taken by one of two who save it at once", async () => {
    const saved = await Promise.allSettled(Array.from({ length: 4 }, () => alice().save(aView("same"))));
    expect(saved.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("a person keeps so many views, and all together share so many", async () => {
  await world.rows(
    `INSERT INTO saved_view (id, operator_id, list_name, name, filter, sort, is_shared, created_at, updated_at)
     SELECT 'view_' || lpad(n::text, 26, '0'), CASE WHEN n < $1 THEN 'op_A' ELSE 'op_X' || n END, 'payments', 'v' || n, '{}', '-requestedAt', n >= $1, now(), now()
     FROM generate_series(0, $1::int + $2::int - 1) n`,
    [ownViewsMax, sharedViewsMax],
  );
  await expect(alice().save(aView("one more"))).rejects.toEqual(refused("VIEW_LIMIT_REACHED"));
  await expect(bob().save(aView("one more", true))).rejects.toEqual(refused("VIEW_LIMIT_REACHED"));
  await bob().save(aView("one more"));
});

describe("a deleted view", () => {
  test("is gone for all, and can be brought back as it was", async () => {
    const id = await alice().save(aView("팀 보기", true));
    await alice().delete({ id });
    expect(await namesOf(bob())).toEqual([]);
    await expect(alice().delete({ id })).rejects.toEqual(refused("NOT_FOUND"));
    await expect(bob().restore({ id })).rejects.toEqual(refused("FORBIDDEN_SCOPE"));
    await alice().restore({ id });
    expect((await bob().list({ listName })).views).toMatchObject([{ id, content }]);
  });

  test("does not come back over another of its name", async () => {
    const id = await alice().save(aView("a"));
    await alice().delete({ id });
    await alice().save(aView("a"));
    await expect(alice().restore({ id })).rejects.toEqual(refused("VIEW_NAME_TAKEN"));
  });
});

describe("the default view", () => {
  test("is a person's own choice, and ends with the view", async () => {
    const id = await alice().save(aView("팀 보기", true));
    await bob().chooseDefault({ listName, id });
    expect(await readDefaultView(world.ctx, { operatorId: "op_B", listName })).toMatchObject({ id });
    expect(await readDefaultView(world.ctx, { operatorId: "op_A", listName })).toBeNull();
    await alice().change({ id, isShared: false });
    expect(await readDefaultView(world.ctx, { operatorId: "op_B", listName })).toBeNull();
  });
});

describe("a view whose filter means nothing any more", () => {
  test("is listed without content, cannot be made the default, and can be saved anew", async () => {
    const id = await alice().save(aView("옛 보기"));
    await world.rows(`UPDATE saved_view SET filter = '{"status": ["GONE"]}' WHERE id = $1`, [id]);
    expect((await alice().list({ listName })).views).toMatchObject([{ id, content: null }]);
    await expect(alice().chooseDefault({ listName, id })).rejects.toEqual(refused("INVALID_REQUEST"));
    await alice().change({ id, content });
    expect((await alice().list({ listName })).views).toMatchObject([{ id, content }]);
  });

  test("cannot be saved in the first place", async () => {
    const bad = { ...aView("x"), content: { ...content, filter: { date: "someday" } } };
    await expect(alice().save(bad)).rejects.toThrow();
    await expect(alice().save({ ...aView("x"), name: " " })).rejects.toThrow();
    await expect(alice().save({ ...aView("x"), name: "가".repeat(41) })).rejects.toThrow();
    expect(await namesOf(alice())).toEqual([]);
  });
});

test("columns are kept for a person, apart from views", async () => {
  await alice().chooseColumns({ listName, columns: ["amount", "status"] });
  expect((await alice().list({ listName })).columns).toEqual(["amount", "status"]);
  expect((await bob().list({ listName })).columns).toBeNull();
  await alice().chooseColumns({ listName, columns: null });
  expect((await alice().list({ listName })).columns).toBeNull();
});

test("every change of a view is in the audit log", async () => {
  const id = await alice().save(aView("감사", true));
  await admin().change({ id, name: "감사 2" });
  await admin().delete({ id });
  await alice().restore({ id });
  expect(
    await world.rows("SELECT action, actor_id, ip_address FROM audit_log WHERE target_id = $1 ORDER BY seq", [
      id,
    ]),
  ).toEqual([
    { action: "saved_view.saved", actor_id: "op_A", ip_address: "10.0.0.1" },
    { action: "saved_view.changed", actor_id: "op_ADMIN", ip_address: "10.0.0.1" },
    { action: "saved_view.deleted", actor_id: "op_ADMIN", ip_address: "10.0.0.1" },
    { action: "saved_view.restored", actor_id: "op_A", ip_address: "10.0.0.1" },
  ]);
});
