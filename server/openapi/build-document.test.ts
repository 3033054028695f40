import { describe, expect, test } from "vitest";
import { mallRoutes } from "#server/api/v1/routes.ts";
import { type RefusalCode, refusals } from "#server/core/refusals.ts";
import { buildDocument, refusalsOf } from "#server/openapi/build-document.ts";
import { routeNotes, tags } from "#server/openapi/route-notes.ts";
import { eventTypes } from "#server/webhooks/domain/event-types.ts";

type Parameter = { name: string; in: string; required?: boolean; schema: Record<string, unknown> };
type Content = { "application/json": { schema: Schema; examples?: Record<string, { value: unknown }> } };
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; headers?: Record<string, unknown>; content?: Content }>;
  security?: unknown[];
};
type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  enum?: string[];
  const?: string;
  required?: string[];
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
  security: Record<string, unknown>[];
};

const document = JSON.parse(JSON.stringify(buildDocument(mallRoutes))) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);
const operationOf = (name: string) =>
  operations.find((operation) => operation.name === name)?.operation as Operation;
const routes = mallRoutes.map((route) => ({ name: `${route.method} ${route.path}`, route }));
const hooks = Object.values(document.webhooks).map(({ post }) => post);

/** Every value under a key, anywhere in the document. */
function everything(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => everything(item, key));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...everything(inner, key),
  ]);
}

describe("the document", () => {
  test("has every route of the table, and no other", () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(routes.map(({ name }) => name).sort());
    expect(Object.keys(routeNotes).sort()).toEqual(routes.map(({ name }) => name).sort());
  });

  test("fails to be built when a route has no note", () => {
    const [first] = mallRoutes;
    expect(() => buildDocument([{ ...(first as (typeof mallRoutes)[number]), path: "/unheard-of" }])).toThrow(
      "POST /unheard-of has a note",
    );
  });

  test("is OpenAPI 3.1 whose every reference leads somewhere", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const references = everything(document, "$ref") as string[];
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const found = reference
        .replace(/^#\//, "")
        .split("/")
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
      expect(found, reference).toBeDefined();
    }
  });

  test("names each operation once, under a tag that exists, in Korean and English", () => {
    const ids = [...operations.map(({ operation }) => operation), ...hooks].map(
      ({ operationId }) => operationId,
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      for (const tag of operation.tags) expect(tags.map(({ name }) => name)).toContain(tag);
      expect(operation.description).toMatch(/[가-힣]/);
      expect(operation.description).toMatch(/[A-Za-z]{3}/);
    }
  });

  test("says how a mall signs in", () => {
    expect(document.components.securitySchemes).toMatchObject({
      secretKeyBasic: { type: "http", scheme: "basic" },
      secretKeyBearer: { type: "http", scheme: "bearer" },
    });
    expect(document.security).toEqual([{ secretKeyBasic: [] }, { secretKeyBearer: [] }]);
  });

  test("describes every type of event, its signature headers and its body", () => {
    expect(Object.keys(document.webhooks)).toEqual([...eventTypes]);
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      expect(post.parameters?.map(({ name }) => name)).toEqual([
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
      ]);
      const body = post.requestBody?.content["application/json"].schema;
      expect(body?.properties?.type?.const).toBe(type);
      expect(body?.properties?.data?.properties).toHaveProperty("sequence");
    }
    const approved =
      document.webhooks["payment.approved"]?.post.requestBody?.content["application/json"].schema;
    expect(approved?.properties?.data?.properties).toHaveProperty("paymentKey");
  });
});

describe.each(routes)("$name", ({ name, route }) => {
  const operation = operationOf(name);
  const parameters = operation.parameters ?? [];

  test("lists each refusal under its status, and nothing that is no refusal", () => {
    const listed = Object.entries(operation.responses)
      .filter(([status]) => status !== "200")
      .flatMap(([status, response]) => {
        const content = response.content?.["application/json"];
        const codes = content?.schema.properties?.code?.enum ?? [];
        expect(Object.keys(content?.examples ?? {})).toEqual(codes);
        for (const code of codes) {
          expect(refusals[code as RefusalCode].status).toBe(Number(status));
          expect(response.description).toContain(refusals[code as RefusalCode].ko);
          expect(response.description).toContain(refusals[code as RefusalCode].en);
        }
        return codes;
      });
    expect(listed.sort()).toEqual(refusalsOf(route).sort());
    expect(listed).toEqual(expect.arrayContaining([...route.refusals]));
  });

  test("names its path parameters, and asks for a key exactly when money moves", () => {
    const template = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const inPath = parameters.filter((parameter) => parameter.in === "path");
    expect(inPath.map((parameter) => parameter.name)).toEqual(template);
    for (const parameter of inPath) expect(parameter.required).toBe(true);
    const key = parameters.find((parameter) => parameter.name === "Idempotency-Key");
    expect(key?.required ?? false).toBe(route.movesMoney);
    expect(parameters.some((parameter) => parameter.name === "Paydeck-Test-Code")).toBe(route.movesMoney);
    expect(operation.security).toEqual(route.auth === "none" ? [] : undefined);
  });

  test("shows requests that its own schema accepts", () => {
    const examples = Object.values(operation.requestBody?.content["application/json"].examples ?? {});
    for (const { value } of examples) expect(route.input.safeParse(value)).toMatchObject({ success: true });
    if (route.method !== "POST") expect(operation.requestBody).toBeUndefined();
    else expect(examples.length > 0 || operation.requestBody?.required === false).toBe(true);
  });

  test("answers in the envelope, with the trace id", () => {
    const response = operation.responses["200"];
    expect(response?.headers).toHaveProperty("Paydeck-Trace-Id");
    const schema = response?.content?.["application/json"].schema;
    if (routeNotes[name]?.isBare) expect(schema?.properties).not.toHaveProperty("code");
    else expect(schema?.required).toEqual(["code", "message", "data"]);
  });
});

test("a number in an address is said to be a number, with its limits", () => {
  const limits = operationOf("GET /events").parameters?.find(({ name }) => name === "limit");
  expect(limits?.schema).toMatchObject({ type: "integer", minimum: 1, maximum: 100, default: 20 });
});

test("a set of parameters that excludes another leaves each of them optional", () => {
  const parameters =
    operationOf("GET /payments").parameters?.filter((parameter) => parameter.in === "query") ?? [];
  expect(parameters.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["orderId", "from", "to", "cursor"]),
  );
  for (const { required } of parameters) expect(required ?? false).toBe(false);
});
