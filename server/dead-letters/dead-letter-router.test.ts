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

const selection = { kind: "ids", ids: ["dl_1"] } as const;
const wish = {
  selection: { kind: "ids" as const, ids: ["dl_1"] },
  preview: { at: new Date(), count: 1 },
  reason: "x",
};

test.each(operatorRoles.filter((role) => role !== "OPERATOR" && role !== "ADMIN"))(
  "%s may neither preview nor send",
  async (role) => {
    await expect(callAs(role).preview({ ...selection, ids: [...selection.ids] })).rejects.toMatchObject({
      cause: { code: "FORBIDDEN_SCOPE" },
    });
    await expect(callAs(role).redrive(wish)).rejects.toMatchObject({ cause: { code: "FORBIDDEN_SCOPE" } });
  },
);

test("without a session nothing is read", async () => {
  await expect(callAs(null).countParked()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(callAs(null).redrive(wish)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

test.each([
  ["no reason", { ...wish, reason: "   " }],
  ["a reason of 201 characters", { ...wish, reason: "x".repeat(201) }],
  ["an id of something else", { ...wish, selection: { kind: "ids" as const, ids: ["pay_1"] } }],
  [
    "more letters than one call takes",
    {
      ...wish,
      selection: { kind: "ids" as const, ids: Array.from({ length: 201 }, (_, index) => `dl_${index}`) },
    },
  ],
])("%s is refused before anything is touched", async (_title, input) => {
  await expect(callAs("OPERATOR").redrive(input)).rejects.toMatchObject({ code: "BAD_REQUEST" });
});
