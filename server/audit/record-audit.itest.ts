import { afterAll, beforeAll, expect, test } from "vitest";
import { type AuditEntry, recordAudit } from "#server/audit/record-audit.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());

const entry: AuditEntry = {
  actor: { type: "operator", id: "op_1" },
  action: "payment.cancel_requested",
  target: { type: "payment", id: "pay_1" },
  outcome: "success",
  ipAddress: "203.0.113.9",
  detail: { amountMinor: 30_000n, reason: "품절" },
};

const linesOf = (targetId: string) =>
  world.rows<{ action: string; ip_address: string | null; detail: unknown }>(
    "SELECT action, ip_address, detail FROM audit_log WHERE target_id = $1 ORDER BY seq",
    [targetId],
  );

test("writes the same line through the money pool and through Prisma, and the chain holds", async () => {
  await world.ctx.sql.transaction((tx) => recordAudit(tx, entry));
  await world.ctx.db.$transaction((tx) => recordAudit(tx, entry));
  const [first, second] = await linesOf("pay_1");
  expect(first).toEqual({
    action: "payment.cancel_requested",
    ip_address: "203.0.113.9",
    detail: { amountMinor: "30000", reason: "품절" },
  });
  expect(second).toEqual(first);
  expect(await world.rows("SELECT audit_verify() AS broken")).toEqual([{ broken: null }]);
});

test("leaves no line behind when the change it tells of is rolled back", async () => {
  const undone = { ...entry, target: { type: "payment", id: "pay_undone" } };
  await expect(
    world.ctx.sql.transaction(async (tx) => {
      await recordAudit(tx, undone);
      throw new Error("the change failed");
    }),
  ).rejects.toThrow("the change failed");
  expect(await linesOf("pay_undone")).toEqual([]);
});

test("keeps its order and its chain when many write at once", async () => {
  await Promise.all(
    Array.from({ length: 20 }, () => world.ctx.sql.transaction((tx) => recordAudit(tx, entry))),
  );
  expect(await world.rows("SELECT audit_verify() AS broken")).toEqual([{ broken: null }]);
});
