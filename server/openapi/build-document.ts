import { z } from "zod";
import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import type { MallRoute } from "#server/api/mall-route.ts";
import { assert } from "#server/core/assert.ts";
import { type RefusalCode, refusals } from "#server/core/refusals.ts";
import { documentIntroduction } from "#server/openapi/introduction.ts";
import { type RouteNote, routeNotes, tags } from "#server/openapi/route-notes.ts";
import { webhookPaths } from "#server/openapi/webhook-paths.ts";

const exampleTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

/** Refusals that any route may give, by what kind of route it is; the gateway gives them, so no route lists them itself. */
export function refusalsOf(route: MallRoute): RefusalCode[] {
  const codes = new Set<RefusalCode>(["INTERNAL_ERROR"]);
  if (route.auth === "secret_key") {
    for (const code of [
      "INVALID_REQUEST",
      "UNAUTHORIZED_KEY",
      "FORBIDDEN_IP",
      "IDEMPOTENCY_STORE_UNAVAILABLE",
    ] as const)
      codes.add(code);
  }
  if (route.method === "POST") {
    for (const code of ["REQUEST_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] as const) codes.add(code);
  }
  if (route.movesMoney) {
    for (const code of idempotencyRefusals) codes.add(code);
  }
  for (const code of route.refusals) codes.add(code);
  return [...codes];
}

const idempotencyRefusals = [
  "IDEMPOTENCY_KEY_REQUIRED",
  "INVALID_IDEMPOTENCY_KEY",
  "IDEMPOTENCY_KEY_REUSED",
  "IDEMPOTENT_REQUEST_PROCESSING",
] as const satisfies readonly RefusalCode[];

/**
 * Builds the OpenAPI 3.1 document of the given routes from the schemas that validate their input and describe their
 * output, and from the one table of refusals. Fails when a route has no note, so that none can be forgotten.
 */
export function buildDocument(routes: readonly MallRoute[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument(
    {
      openapi: "3.1.1",
      info: { title: "Paydeck API", version: "1.0.0", description: documentIntroduction },
      servers: [{ url: "/api/v1" }],
      tags: [...tags],
      security: [{ secretKeyBasic: [] }, { secretKeyBearer: [] }],
      paths,
      webhooks: webhookPaths(),
      components: {
        securitySchemes: {
          secretKeyBasic: {
            type: "http",
            scheme: "basic",
            description:
              "사용자 이름에 시크릿 키, 비밀번호는 비워 둡니다. (The secret key as user name, no password.)",
          },
          secretKeyBearer: {
            type: "http",
            scheme: "bearer",
            description: "시크릿 키 `sk_…`를 그대로 씁니다.",
          },
        },
      },
    },
    { reused: "inline", override: sayLess },
  );
}

/**
 * What we answer may grow, and a client that was generated from this document should not break on a new item. The range
 * that any JSON integer has by itself is not worth saying.
 */
const sayLess: NonNullable<CreateDocumentOptions["override"]> = ({ zodSchema, jsonSchema, io }) => {
  const { def } = zodSchema._zod;
  if (io === "output" && def.type === "object" && !def.catchall) delete jsonSchema.additionalProperties;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

function operationOf(route: MallRoute): ZodOpenApiOperationObject {
  const note = routeNotes[`${route.method} ${route.path}`];
  assert(note, `${route.method} ${route.path} has a note for the API document`);
  const pathParams = pathParamsOf(route.path);
  const headers = headersOf(route);
  const query = route.method === "POST" ? {} : queryShapeOf(route.input);
  return {
    operationId: note.operationId,
    summary: route.summary,
    description: note.description,
    tags: [note.tag],
    ...(route.auth === "none" ? { security: [] } : {}),
    requestParams: {
      ...(Object.keys(pathParams).length > 0 ? { path: z.object(pathParams) } : {}),
      ...(Object.keys(headers).length > 0 ? { header: z.object(headers) } : {}),
      ...(Object.keys(query).length > 0 ? { query: z.object(query) } : {}),
    },
    ...(route.method === "POST" ? { requestBody: requestBodyOf(route, note) } : {}),
    responses: responsesOf(route, note),
  };
}

function requestBodyOf(route: MallRoute, note: RouteNote): ZodOpenApiOperationObject["requestBody"] {
  return {
    required: !route.bodyOptional,
    content: {
      "application/json": {
        schema: route.input,
        ...(note.requests ? { examples: { ...note.requests } } : {}),
      },
    },
  };
}

const traceIdHeader = z
  .string()
  .meta({ description: "문의할 때 알려 주십시오. (Tell us this when you ask.)", example: exampleTraceId });

function responsesOf(
  route: MallRoute,
  note: RouteNote,
): Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> {
  const success: ZodOpenApiResponseObject = {
    description: route.summary,
    headers: z.object({
      "Paydeck-Trace-Id": traceIdHeader,
      ...(route.movesMoney
        ? {
            "Idempotent-Replayed": z
              .literal("true")
              .optional()
              .meta({ description: "같은 키의 앞선 요청에 대한 응답을 그대로 다시 보냅니다." }),
          }
        : {}),
    }),
    content: { "application/json": { schema: note.isBare ? route.output : envelopeOf(route.output) } },
  };
  const responses: Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> = { "200": success };
  const byStatus = Map.groupBy(refusalsOf(route), (code) => refusals[code].status);
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[`${status}` as `${4 | 5}${string}`] = refusalResponse(codes);
  }
  return responses;
}

function envelopeOf(data: z.ZodType) {
  return z.object({
    code: z.literal("SUCCESS"),
    message: z.string().meta({ example: "정상 처리되었습니다." }),
    data,
  });
}

const refusalData = z
  .looseObject({
    traceId: z.string().meta({ example: exampleTraceId }),
    retryable: z.boolean().meta({ description: "같은 요청을 그대로 다시 보내도 됩니다." }),
    field: z.string().optional().meta({ description: "잘못된 항목" }),
    paymentKey: z.string().optional(),
    orderId: z.string().optional(),
    van: z
      .object({ code: z.string(), responseCode: z.string().optional(), message: z.string().optional() })
      .optional(),
  })
  .meta({ id: "RefusalData" });

/** All refusals of one status: the code tells them apart, and each has its sentence as an example. */
function refusalResponse(codes: readonly RefusalCode[]): ZodOpenApiResponseObject {
  const [first, ...rest] = codes;
  assert(first, "a status that is documented has a code");
  return {
    description: codes.map((code) => `\`${code}\` ${refusals[code].ko} (${refusals[code].en})`).join("\n\n"),
    headers: z.object({
      "Paydeck-Trace-Id": traceIdHeader,
      ...(codes.some((code) => refusals[code].retryable)
        ? {
            "Retry-After": z
              .string()
              .optional()
              .meta({ description: "이만큼(초) 뒤에 다시 요청하십시오.", example: "2" }),
          }
        : {}),
    }),
    content: {
      "application/json": {
        schema: z.object({ code: z.enum([first, ...rest]), message: z.string(), data: refusalData }),
        examples: Object.fromEntries(
          codes.map((code) => [
            code,
            {
              summary: refusals[code].en,
              value: {
                code,
                message: refusals[code].ko,
                data: { traceId: exampleTraceId, retryable: refusals[code].retryable },
              },
            },
          ]),
        ),
      },
    },
  };
}

const knownPathParams: Readonly<Record<string, z.ZodType>> = {
  paymentKey: z
    .string()
    .meta({ description: "승인 응답의 paymentKey", example: "pay_01KAN3S4T5Q2W8XJ6RDN3B7ZC4" }),
  endpointId: z
    .string()
    .meta({ description: "등록 응답의 endpointId", example: "whe_01KAN3S4T5Q2W8XJ6RDN3B7ZC4" }),
  settlementId: z.string().meta({
    description: "정산 목록의 settlementId",
    example: "stl_20261125_01KAN3S4T5Q2W8XJ6RDN3B7ZC4_CARD",
  }),
};

function pathParamsOf(path: string): Record<string, z.ZodType> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  return Object.fromEntries(names.map((name) => [name, knownPathParams[name] ?? z.string()]));
}

function headersOf(route: MallRoute): Record<string, z.ZodType> {
  if (route.auth === "none") return {};
  return {
    ...(route.movesMoney
      ? {
          "Idempotency-Key": z.string().min(1).max(300).meta({
            description:
              "같은 요청을 두 번 처리하지 않게 합니다. 출력 가능한 ASCII 1–300자, UUID를 권합니다. 15일 동안 기억합니다. (Kept for 15 days.)",
            example: "2f0c9d8e-6a53-4a0e-9b1c-0e6f0a4b7d11",
          }),
          "Paydeck-Test-Code": z.string().optional().meta({
            description:
              "샌드박스 VAN의 결과를 정합니다. `TIMEOUT`, `TIMEOUT_APPROVED`, `DECLINE_CARD_LIMIT_EXCEEDED`, `SLOW_3000`, 앞에 `CANCEL_`, `NETCANCEL_`을 붙이면 그 요청에. 다른 VAN에서는 무시됩니다. (Sandboxes only.)",
          }),
        }
      : {}),
    "Accept-Language": z.enum(["ko", "en"]).optional().meta({ description: "message의 언어, 기본은 ko" }),
  };
}

/** The parameters of a query. Where a route takes one of several sets, each parameter is optional by itself. */
function queryShapeOf(input: z.ZodType): Record<string, z.ZodType> {
  const shapes = (input instanceof z.ZodUnion ? (input.options as readonly z.ZodType[]) : [input]).map(
    (set) => {
      assert(set instanceof z.ZodObject, "a query is an object, or one of several");
      return Object.entries(set.shape as Record<string, z.ZodType>);
    },
  );
  return Object.fromEntries(
    shapes
      .flat()
      .map(([name, schema]) => [name, shapes.length > 1 ? asSaid(schema).optional() : asSaid(schema)]),
  );
}

/** A number in an address is text to the schema that reads it; whoever writes one is better told that it is a number. */
function asSaid(schema: z.ZodType): z.ZodType {
  const read = z.toJSONSchema(schema, { io: "output" });
  if (read.type !== "integer") return schema;
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, default: preset, description } = read;
  const said = z.int().min(minimum).max(maximum);
  const withPreset = typeof preset === "number" ? said.default(preset) : said;
  return description === undefined ? withPreset : withPreset.meta({ description });
}
