import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acknowledgeIncident } from "#server/incidents/acknowledge-incident.ts";
import { closeIncident } from "#server/incidents/close-incident.ts";
import { countOpenIncidents, readIncidents } from "#server/incidents/incident-queries.ts";
import { openIncident } from "#server/incidents/open-incident.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());
beforeEach(() => world.rows("DELETE FROM incident"));

const at = new Date("2026-11-22T05:00:00.000Z");
const later = new Date("2026-11-22T05:01:00.000Z");
const orphan = { kind: "VAN_ORPHAN", severity: "page", subjectId: "pay_A", paymentId: "pay_A", at } as const;
const actor = { type: "operator", id: "op_A", ipAddress: "10.0.0.1" } as const;

const idOf = async (subjectId: string) => {
  const { incidents } = await readIncidents(world.ctx.db);
  const found = incidents.find((incident) => incident.subjectId === subjectId);
  if (!found) throw new Error(`there is no incident about ${subjectId}`);
  return found.id;
};

describe("an incident", () => {
  test("is opened once while it is open, however many say so at once", async () => {
    const opened = await Promise.all(Array.from({ length: 20 }, () => openIncident(world.ctx.sql, orphan)));
    expect(opened.filter(Boolean)).toHaveLength(1);
    expect(await countOpenIncidents(world.ctx.db)).toBe(1);
  });

  test("exists exactly when what it is about was committed", async () => {
    const change = world.ctx.sql.transaction(async (sql) => {
      await openIncident(sql, orphan);
      throw new Error("the change failed");
    });
    await expect(change).rejects.toThrow("the change failed");
    expect(await countOpenIncidents(world.ctx.db)).toBe(0);
  });

  test("is another one for another subject or kind, and after the first was closed", async () => {
    await openIncident(world.ctx.sql, orphan);
    expect(await openIncident(world.ctx.sql, { ...orphan, subjectId: "pay_B" })).toBe(true);
    expect(await openIncident(world.ctx.sql, { ...orphan, kind: "INVARIANT" })).toBe(true);
    expect(await closeIncident(world.ctx.sql, { ...orphan, how: "reversed", at: later })).toBe(true);
    expect(await closeIncident(world.ctx.sql, { ...orphan, how: "reversed", at: later })).toBe(false);
    expect(await openIncident(world.ctx.sql, { ...orphan, at: later })).toBe(true);
    const { openCount, incidents } = await readIncidents(world.ctx.db);
    expect(openCount).toBe(3);
    expect(incidents.filter(({ closedAt }) => closedAt)).toMatchObject([
      { subjectId: "pay_A", closedHow: "reversed", closedAt: later },
    ]);
  });

  test("is acknowledged by one person, with a note, and the audit log says so", async () => {
    await openIncident(world.ctx.sql, orphan);
    const id = await idOf("pay_A");
    const attempts = await Promise.allSettled(
      ["op_A", "op_B"].map((operator) =>
        acknowledgeIncident(world.ctx, {
          id,
          note: `seen by ${operator}`,
          actor: { ...actor, id: operator },
        }),
      ),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { incidents } = await readIncidents(world.ctx.db);
    expect(incidents[0]).toMatchObject({ closedAt: null, note: `seen by ${incidents[0]?.acknowledgedBy}` });
    expect(
      await world.rows(
        "SELECT actor_id, outcome, ip_address, detail->>'kind' AS kind FROM audit_log WHERE action = 'incident.acknowledged' AND target_id = $1",
        [String(id)],
      ),
    ).toEqual([
      {
        actor_id: incidents[0]?.acknowledgedBy,
        outcome: "success",
        ip_address: "10.0.0.1",
        kind: "VAN_ORPHAN",
      },
    ]);
  });

  test("that does not exist cannot be acknowledged", async () => {
    await expect(acknowledgeIncident(world.ctx, { id: 999_999n, note: "?", actor })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
