import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  mayDo,
  operatorRoles,
  type Permission,
  type SignedInOperator,
} from "#server/operators/permissions.ts";
import type { LoadClass } from "#server/platform/admission.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { handleConsoleRequest } from "#server/trpc/handle-console-request.ts";
import { loadOfProcedure } from "#server/trpc/init.ts";
import { appRouter } from "#server/trpc/root.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());

const viewer: SignedInOperator = {
  id: "op_V",
  email: "v@example.com",
  name: "이서연",
  role: "VIEWER",
  sessionId: "ses_V",
};

function post(path: string, headers: Record<string, string>, body: unknown = { json: {} }): Request {
  return new Request(`http://console.example/api/trpc/${path}`, {
    method: "POST",
    headers: { host: "console.example", "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

const send = (request: Request, operator: SignedInOperator | null = viewer) =>
  handleConsoleRequest(request, world.ctx, async () => operator);

type Body = {
  error?: {
    json?: { data: { refusal: { code: string; message: { ko: string }; traceId: string } } };
    code?: string;
  };
};

describe("a mutation", () => {
  test.each([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a sibling site", { "sec-fetch-site": "same-site" }],
    ["another origin in an older browser", { origin: "https://evil.example" }],
    ["an opaque origin", { origin: "null" }],
    ["who knows where", {}],
  ])("from %s is refused before anything runs", async (_from, headers) => {
    const answer = await send(post("payment.cancel", headers));
    expect(answer.status).toBe(403);
    expect((await answer.json()) as Body).toMatchObject({ error: { code: "FORBIDDEN_SCOPE" } });
  });

  test("that is not JSON is refused, so that no form can send one", async () => {
    const answer = await send(
      post("payment.cancel", { "sec-fetch-site": "same-origin", "content-type": "text/plain" }),
    );
    expect(answer.status).toBe(415);
  });

  test("may not be asked for by GET", async () => {
    const answer = await send(new Request("http://console.example/api/trpc/payment.cancel?input=%7B%7D"));
    expect(answer.status).toBe(405);
  });
});

type Definition = { type: "query" | "mutation"; meta?: { permission: Permission } };
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: Definition }>,
).map(([path, { _def }]) => [path, _def] as const);

function ask(path: string, { type }: Definition, operator: SignedInOperator | null): Promise<Response> {
  if (type === "mutation") return send(post(path, { "sec-fetch-site": "same-origin" }), operator);
  return send(
    new Request(`http://console.example/api/trpc/${path}`, { headers: { host: "console.example" } }),
    operator,
  );
}

const refusalIn = async (answer: Response) => ((await answer.json()) as Body).error?.json?.data.refusal;

describe("every procedure", () => {
  test.each(procedures)(
    "%s answers 401 without a session, with a trace id and without its insides",
    async (path, definition) => {
      const answer = await ask(path, definition, null);
      expect(answer.status).toBe(401);
      const text = await answer.clone().text();
      expect(await refusalIn(answer)).toMatchObject({
        code: "SIGNED_OUT",
        traceId: answer.headers.get("paydeck-trace-id"),
      });
      expect(text).not.toContain("stack");
    },
  );

  test.each(procedures)(
    "%s is refused to each role without its permission, whatever the input",
    async (path, definition) => {
      const permission = definition.meta?.permission;
      if (!permission) throw new Error(`${path} asks for no permission`);
      for (const role of operatorRoles) {
        const answer = await ask(path, definition, { ...viewer, role });
        const refusal = await refusalIn(answer);
        if (mayDo(role, permission)) expect(refusal?.code).not.toBe("FORBIDDEN_SCOPE");
        else expect([answer.status, refusal?.code]).toEqual([403, "FORBIDDEN_SCOPE"]);
      }
    },
  );

  test("that moves money or sends jobs again asks for the right to do so", () => {
    const permissionOf = Object.fromEntries(
      procedures.map(([path, definition]) => [path, definition.meta?.permission]),
    );
    expect(permissionOf).toMatchObject({
      "payment.cancel": "payment:cancel",
      "payment.previewCancel": "payment:cancel",
      "deadLetter.start": "dead-letter:redrive",
    });
  });

  test("says what is wrong with its input by field, without the checker's own words", async () => {
    const answer = await send(
      post("payment.cancel", { "sec-fetch-site": "same-origin" }, { json: { nonsense: true } }),
      { ...viewer, role: "ADMIN" },
    );
    expect(answer.status).toBe(400);
    expect(await refusalIn(answer)).toMatchObject({ code: "INVALID_REQUEST" });
  });
});

describe("under load", () => {
  /** Turns classes away, and counts who was asked who he is. */
  async function askUnderLoad(paths: readonly string[], away: readonly LoadClass[]) {
    let asked = 0;
    const context = {
      ...world.ctx,
      admission: { ...world.ctx.admission, turnsAway: (what: LoadClass) => away.includes(what) },
    };
    const answer = await handleConsoleRequest(
      new Request(`http://console.example/api/trpc/${paths.join(",")}?batch=1&input=%7B%7D`, {
        headers: { host: "console.example" },
      }),
      context,
      async () => {
        asked++;
        return { ...viewer, role: "ADMIN" };
      },
    );
    const parts = (await answer.json()) as Body[];
    return { asked, codes: parts.map((part) => part.error?.json?.data.refusal.code ?? "SUCCESS") };
  }

  test("charts are turned away first, before anybody is asked who he is", async () => {
    expect(await askUnderLoad(["latency.choices"], ["chart"])).toEqual({ asked: 0, codes: ["MAINTENANCE"] });
    expect(await askUnderLoad(["latency.choices", "deadLetter.countParked"], ["chart"])).toEqual({
      asked: 1,
      codes: ["MAINTENANCE", "SUCCESS"],
    });
  });

  test("then the other reads, and what moves money never", async () => {
    expect(
      await askUnderLoad(
        ["latency.choices", "deadLetter.countParked", "payment.previewCancel"],
        ["chart", "console_read"],
      ),
    ).toEqual({ asked: 1, codes: ["MAINTENANCE", "MAINTENANCE", "INVALID_REQUEST"] });
  });

  test("each procedure says how it is treated, and no mutation that moves money is turned away", () => {
    const loads = Object.fromEntries(
      procedures.map(([path, definition]) => [path, loadOfProcedure(definition)]),
    );
    expect(loads).toMatchObject({
      "payment.cancel": "never",
      "payment.previewCancel": "never",
      "payment.watch": "console_read",
      "payment.search": "console_read",
      "deadLetter.freeze": "never",
      "deadLetter.start": "never",
      "latency.read": "chart",
      "audit.verify": "chart",
    });
    expect(Object.values(loads)).not.toContain("new_approval");
  });
});
