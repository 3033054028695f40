import { afterAll, beforeAll, expect, test } from "vitest";
import { openIncident } from "#server/incidents/open-incident.ts";
import { reportLiveness } from "#server/platform/liveness.ts";
import { readTimeMarks } from "#server/reports/read-time-marks.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());

const hourMs = 3_600_000;

test("processes that start together are one deploy, and it is still known when they are long gone", async () => {
  const start = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 40 * 24 * hourMs);
  const begin = (id: string, role: "web" | "worker", afterMs: number) =>
    reportLiveness(world.ctx.reports, { id, role, startedAt: new Date(start.getTime() + afterMs) });
  await begin("a", "worker", 0);
  await begin("b", "web", 20_000);
  await begin("c", "web", 25_000);
  await begin("d", "web", hourMs);
  await world.rows(`UPDATE process_heartbeat SET seen_at = now() - interval '39 days'`);
  await begin("e", "web", 40 * 24 * hourMs);
  const marks = await readTimeMarks(world.ctx, { from: start, to: new Date(start.getTime() + 2 * hourMs) });
  expect(marks.deploys).toEqual([
    { at: start, roles: ["worker", "web"] },
    { at: new Date(start.getTime() + hourMs), roles: ["web"] },
  ]);
});

test("incidents are marked when they were opened, the period's end left out", async () => {
  const from = new Date("2026-11-19T05:00:00Z");
  const to = new Date("2026-11-19T06:00:00Z");
  const incident = { kind: "VAN_ORPHAN", severity: "page" } as const;
  await openIncident(world.ctx.sql, { ...incident, subjectId: "pay_A", at: from });
  await openIncident(world.ctx.sql, { ...incident, subjectId: "pay_B", at: to });
  expect((await readTimeMarks(world.ctx, { from, to })).incidents).toEqual([
    { ...incident, subjectId: "pay_A", openedAt: from },
  ]);
});
