import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { readChange } from "#server/change-requests/change-request-queries.ts";
import { approveChange } from "#server/change-requests/decide-change.ts";
import { withdrawChange } from "#server/change-requests/edit-change.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
import { setLimit } from "#server/change-requests/set-limit.ts";
import { claimApprovedKey } from "#server/malls/claim-approved-key.ts";
import { contractChange } from "#server/malls/contract-change.ts";
import { keyChange } from "#server/malls/key-change.ts";
import type { ContractChangeWish, KeyChangeWish } from "#server/malls/mall.schemas.ts";
import { requestContractChange } from "#server/malls/request-contract-change.ts";
import { requestKeyChange } from "#server/malls/request-key-change.ts";
import { revokeApiKey } from "#server/malls/revoke-api-key.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const maker = { id: "op_MAKER", role: "ADMIN", ipAddress: "10.0.0.1" } as const;
const checker = { id: "op_CHECKER", ipAddress: null };
const actor = { type: "operator", id: maker.id, ipAddress: null } as const;
const traceId = "0".repeat(32);
const attempt = { attempt: 1, messageId: 1n, traceId: null };

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const id of [maker.id, checker.id])
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name: id, role: "ADMIN", passwordHash: "-" },
    });
});
afterAll(() => world.close());
beforeEach(() => world.rows("DELETE FROM api_key WHERE id <> 'key_TEST'"));

const askKey = (wish: KeyChangeWish) =>
  requestKeyChange(world.ctx, { mallId: world.mallId, wish, reason: "정기 교체", maker, traceId });
const askContract = (wish: ContractChangeWish) =>
  requestContractChange(world.ctx, { mallId: world.mallId, wish, reason: "요율 협의", maker, traceId });
const approve = (requestId: string) => approveChange(world.ctx, { requestId, version: 1, note: "", checker });
const carryOut = (requestId: string) =>
  carryOutChange({ KEY_CHANGE: keyChange, CONTRACT_CHANGE: contractChange })(
    world.ctx,
    { requestId, version: 1 },
    attempt,
  );
const claim = (requestId: string, by: string = maker.id) =>
  claimApprovedKey(world.ctx, { requestId, actor: { ...actor, id: by }, traceId });
const keys = () =>
  world.rows<{ id: string; name: string }>("SELECT id, name FROM api_key WHERE id <> 'key_TEST'");
const statusOf = async (requestId: string) => (await readChange(world.ctx.db, requestId))?.status;

describe("a new key", () => {
  test("is issued by who asked, once, after the approval; the secret is written nowhere", async () => {
    const { requestId } = await askKey({ action: "ISSUE", name: "주문 서버" });
    await expect(claim(requestId)).rejects.toMatchObject({ code: "APPROVAL_REQUIRED" });
    await approve(requestId);
    expect(await carryOut(requestId)).toMatchObject({ kind: "again" });
    expect(await keys()).toEqual([]);
    await expect(claim(requestId, checker.id)).rejects.toMatchObject({ code: "FORBIDDEN_SCOPE" });
    const claimed = await Promise.allSettled([claim(requestId), claim(requestId), claim(requestId)]);
    const won = claimed.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(won).toHaveLength(1);
    for (const one of claimed)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "CHANGE_REQUEST_DECIDED" });
    expect(await keys()).toMatchObject([{ id: won[0]?.keyId, name: "주문 서버" }]);
    expect(await carryOut(requestId)).toEqual({ kind: "done" });
    expect(await statusOf(requestId)).toBe("DONE");
    const written = await world.rows(
      `SELECT 1 FROM change_request r JOIN change_request_event e ON e.request_id = r.id WHERE r.id = $1 AND (r::text LIKE $2 OR e::text LIKE $2)
       UNION ALL SELECT 1 FROM audit_log a WHERE a::text LIKE $2 UNION ALL SELECT 1 FROM outbox_message o WHERE o::text LIKE $2`,
      [requestId, `%${won[0]?.secretKey.slice(8, 40)}%`],
    );
    expect(written).toEqual([]);
  });

  test("is claimed also before a worker has come to the approval", async () => {
    const { requestId } = await askKey({ action: "ISSUE", name: "정산 서버" });
    await approve(requestId);
    expect(await claim(requestId)).toMatchObject({ secretKey: expect.stringMatching(/^sk_test_/) });
    expect(await carryOut(requestId)).toEqual({ kind: "done" });
    expect((await readChange(world.ctx.db, requestId))?.events.map(({ kind }) => kind)).toEqual([
      "REQUESTED",
      "APPROVED",
      "STARTED",
      "DONE",
    ]);
  });

  test("lapses a day after the approval, by the clock of the database", async () => {
    const { requestId } = await askKey({ action: "ISSUE", name: "늦은 서버" });
    await approve(requestId);
    await carryOut(requestId);
    // What a day does; the guard of the table would not let anybody write it.
    await world.rows("ALTER TABLE change_request DISABLE TRIGGER change_request_change");
    await world.rows("UPDATE change_request SET decided_at = now() - interval '25 hours' WHERE id = $1", [
      requestId,
    ]);
    await world.rows("ALTER TABLE change_request ENABLE TRIGGER change_request_change");
    await expect(claim(requestId)).rejects.toMatchObject({ code: "CHANGE_REQUEST_EXPIRED" });
    expect(await carryOut(requestId)).toEqual({ kind: "done" });
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      status: "REFUSED",
      refusalCode: "CHANGE_REQUEST_EXPIRED",
    });
    expect(await keys()).toEqual([]);
  });

  test("in the place of another leaves that one as it is until it is claimed", async () => {
    await world.rows(
      "INSERT INTO api_key (id, mall_id, name, key_hash, prefix, last_four) VALUES ('key_OLD', $1, '웹', '\\x01', 'sk_test', 'old1')",
      [world.mallId],
    );
    const { requestId } = await askKey({ action: "ROTATE", keyId: "key_OLD", overlapHours: 0 });
    await approve(requestId);
    await carryOut(requestId);
    expect(await world.rows("SELECT expires_at FROM api_key WHERE id = 'key_OLD'")).toEqual([
      { expires_at: null },
    ]);
    const { keyId } = await claim(requestId);
    expect(await world.rows("SELECT replaced_by_id AS heir FROM api_key WHERE id = 'key_OLD'")).toEqual([
      { heir: keyId },
    ]);
  });
});

test("a key is ended by one person while an approved rotation of it waits for its maker, who then can only withdraw that", async () => {
  await world.rows(
    "INSERT INTO api_key (id, mall_id, name, key_hash, prefix, last_four) VALUES ('key_BOTH', $1, '앱', '\\x03', 'sk_test', 'both')",
    [world.mallId],
  );
  const rotation = await askKey({ action: "ROTATE", keyId: "key_BOTH", overlapHours: 24 });
  await approve(rotation.requestId);
  await carryOut(rotation.requestId);
  await expect(askKey({ action: "ROTATE", keyId: "key_BOTH", overlapHours: 0 })).rejects.toMatchObject({
    code: "CHANGE_REQUEST_OPEN",
  });
  await revokeApiKey(world.ctx, {
    mallId: world.mallId,
    keyId: "key_BOTH",
    reason: "저장소에 노출",
    actor: { ...actor, id: checker.id },
    traceId,
  });
  expect(await world.rows("SELECT revoked_by AS by FROM api_key WHERE id = 'key_BOTH'")).toEqual([
    { by: checker.id },
  ]);
  await expect(claim(rotation.requestId)).rejects.toMatchObject({ code: "CHANGED_MEANWHILE" });
  await withdrawChange(world.ctx, { requestId: rotation.requestId, version: 1, maker });
  expect(await statusOf(rotation.requestId)).toBe("WITHDRAWN");
  expect(await keys()).toMatchObject([{ id: "key_BOTH" }]);
});

describe("an approval that waits for its maker", () => {
  test("does not begin by itself, and is withdrawn by its maker alone; then there is nothing to claim", async () => {
    const { requestId } = await askKey({ action: "ISSUE", name: "쓰지 않을 서버" });
    await approve(requestId);
    expect(await carryOut(requestId)).toMatchObject({ kind: "again", delayMs: 60_000 });
    expect(await statusOf(requestId)).toBe("APPROVED");
    await expect(
      withdrawChange(world.ctx, { requestId, version: 1, maker: { ...maker, id: checker.id } }),
    ).rejects.toMatchObject({ code: "FORBIDDEN_SCOPE" });
    await withdrawChange(world.ctx, { requestId, version: 1, maker });
    await expect(claim(requestId)).rejects.toMatchObject({ code: "CHANGE_REQUEST_DECIDED" });
    expect(await carryOut(requestId)).toEqual({ kind: "done" });
    expect(await keys()).toEqual([]);
    // The same may be asked for anew.
    await askKey({ action: "ISSUE", name: "새 서버" }).then((asked) =>
      withdrawChange(world.ctx, { requestId: asked.requestId, version: 1, maker }),
    );
  });

  test("is claimed or withdrawn, of both at the same moment: a key exactly when it was claimed", async () => {
    for (let round = 0; round < 6; round++) {
      await world.rows("DELETE FROM api_key WHERE id <> 'key_TEST'");
      const { requestId } = await askKey({ action: "ISSUE", name: `경합 ${round}` });
      await approve(requestId);
      const [claimed, withdrawn] = await Promise.allSettled(
        round % 2 === 0
          ? [claim(requestId), withdrawChange(world.ctx, { requestId, version: 1, maker })]
          : [
              new Promise((resolve) => setTimeout(resolve, 2)).then(() => claim(requestId)),
              withdrawChange(world.ctx, { requestId, version: 1, maker }),
            ],
      );
      const outcomes = [claimed.status, withdrawn.status].toSorted();
      expect(outcomes).toEqual(["fulfilled", "rejected"]);
      for (const one of [claimed, withdrawn])
        if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "CHANGE_REQUEST_DECIDED" });
      const isClaimed = claimed.status === "fulfilled";
      expect(await statusOf(requestId)).toBe(isClaimed ? "DONE" : "WITHDRAWN");
      expect(await keys()).toHaveLength(isClaimed ? 1 : 0);
    }
  });
});

test("an approved contract is added once, and one that is no longer possible is refused with the code", async () => {
  const terms = {
    method: "CARD",
    effectiveFrom: "2099-01-01",
    feeRateE5: 2_200,
    feeRounding: "FLOOR_1",
    isFeeRefundable: true,
    cycle: "DAILY",
    lagBusinessDays: 2,
    note: "",
  } as const;
  const contracts = () =>
    world.rows<{ id: string; rate: number; by: string }>(
      "SELECT id, fee_rate_e5 AS rate, created_by AS by FROM mall_contract WHERE mall_id = $1",
      [world.mallId],
    );
  const added = await askContract({ action: "ADD", terms });
  expect(await readChange(world.ctx.db, added.requestId)).toMatchObject({
    payload: { change: { action: "ADD", before: null, after: { feeRateE5: 2_200 } } },
  });
  expect(await contracts()).toEqual([]);
  await approve(added.requestId);
  await Promise.all([carryOut(added.requestId), carryOut(added.requestId)]);
  const [contract] = await contracts();
  expect(contract).toMatchObject({ rate: 2_200, by: maker.id });

  await expect(askContract({ action: "ADD", terms })).rejects.toMatchObject({ code: "CONTRACT_DATE_TAKEN" });
  const withdrawn = await askContract({ action: "WITHDRAW", contractId: contract?.id ?? "" });
  await world.rows("DELETE FROM mall_contract WHERE id = $1", [contract?.id]);
  await approve(withdrawn.requestId);
  await carryOut(withdrawn.requestId);
  expect(await readChange(world.ctx.db, withdrawn.requestId)).toMatchObject({
    status: "REFUSED",
    refusalCode: "CHANGED_MEANWHILE",
  });
});

test("a single change is done alone always or never: other limits mean nothing and are refused", async () => {
  expect(await limitOf(world.ctx.sql, "ADMIN", "KEY_CHANGE")).toBe(0n);
  const limit = { kind: "KEY_CHANGE", role: "ADMIN", actor: checker } as const;
  await expect(setLimit(world.ctx, { ...limit, limitMax: 3n })).rejects.toMatchObject({
    code: "INVALID_REQUEST",
  });
  expect(await setLimit(world.ctx, { ...limit, limitMax: 0n })).toEqual({ changed: false });
  // To act alone is looser, and takes two.
  await expect(setLimit(world.ctx, { ...limit, limitMax: null })).rejects.toMatchObject({
    code: "APPROVAL_REQUIRED",
  });
});
