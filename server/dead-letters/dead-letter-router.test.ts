import { expect, test } from "vitest";
import { deadLetterRouter } from "#server/dead-letters/dead-letter-router.ts";
import { operatorRoles } from "#server/operators/permissions.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";

/** Nothing of the outside world: a refused call must not get as far as touching it. */
const untouched = new Proxy(
  {},
  {
    get: (_target, name) => {
      throw new Error(`touched ${String(name)}`);
    },
  },
) as RequestContext["context"];

const callAs = (role: (typeof operatorRoles)[number] | null) =>
  deadLetterRouter.createCaller({
    context: untouched,
    operator: role && { id: "op_1", email: "a@example.com", name: "A", role, sessionId: "ses_1" },
    traceId: "0".repeat(32),
    ipAddress: null,
  });

const start = { id: "run_1", reason: "x", itemsPerSecond: 5, failuresToPause: null };
const ids = ["dl_1"];
const changes: Readonly<Record<string, (caller: ReturnType<typeof callAs>) => Promise<unknown>>> = {
  freeze: (caller) => caller.freeze({ kind: "ids", ids: [...ids] }),
  start: (caller) => caller.start(start),
  steer: (caller) => caller.steer({ id: "run_1", how: "resume" }),
  assign: (caller) => caller.assign({ ids: [...ids], assigneeId: "op_1" }),
  setAside: (caller) => caller.setAside({ ids: [...ids], until: null, note: "x" }),
  writeNote: (caller) => caller.writeNote({ id: "dl_1", text: "x" }),
};

test.each(operatorRoles.filter((role) => role !== "OPERATOR" && role !== "ADMIN"))(
  "%s may change nothing",
  async (role) => {
    for (const change of Object.values(changes))
      await expect(change(callAs(role))).rejects.toMatchObject({ cause: { code: "FORBIDDEN_SCOPE" } });
  },
);

test("without a session nothing is read", async () => {
  await expect(callAs(null).countParked()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(callAs(null).start(start)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

test.each([
  ["no reason", { ...start, reason: "   " }],
  ["a reason of 201 characters", { ...start, reason: "x".repeat(201) }],
  ["an id of something else", { ...start, id: "pay_1" }],
  ["a rate of zero", { ...start, itemsPerSecond: 0 }],
  ["a rate that no VAN should see", { ...start, itemsPerSecond: 51 }],
])("%s is refused before anything is touched", async (_title, input) => {
  await expect(callAs("OPERATOR").start(input)).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

test("more letters than one run takes are refused before anything is touched", async () => {
  const many = Array.from({ length: 5_001 }, (_, index) => `dl_${index}`);
  await expect(callAs("OPERATOR").freeze({ kind: "ids", ids: many })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
});
