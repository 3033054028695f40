import type { z } from "zod";
import { authenticateMall } from "#server/api/authenticate-mall.ts";
import { canonicalJson } from "#server/api/canonical-json.ts";
import { readJson } from "#server/api/read-json.ts";
import { type Locale, type Reply, refusalReply } from "#server/core/envelope.ts";
import { newTraceId } from "#server/core/ids.ts";
import { Refusal, type RefusalCode } from "#server/core/refusals.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import type { MallOfKey } from "#server/malls/find-mall-of-key.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";
import { recordHttpRequest } from "#server/platform/metrics.ts";
import { type Runtime, runtime } from "#server/platform/runtime.ts";

export type PathParams = Readonly<Record<string, string>>;

/** A mall's request after the gateway: who calls, what is asked, how it is to be answered. */
export type MallRequest<Input> = Readonly<{
  mall: MallOfKey;
  input: Input;
  params: PathParams;
  /** Present on routes that move money. */
  idempotency: IdempotencyUse;
  testCode: string | undefined;
  locale: Locale;
  traceId: string;
  receivedAtMs: number;
  url: URL;
}>;

/** One route of the mall API: validates, documents and answers. */
export type MallRoute<Schema extends z.ZodType = z.ZodType> = Readonly<{
  method: "GET" | "POST" | "DELETE";
  /** Template under `/api/v1`, such as `/payments/{paymentKey}`. */
  path: string;
  auth: "secret_key" | "none";
  /** True for every POST that moves money: `Idempotency-Key` is required (IDM-2). */
  movesMoney: boolean;
  /** True for what may be turned away under load, before anything is written; the rest never is (reliability §5.8). */
  isNewApproval?: boolean;
  /** A POST whose address says everything: it may come without a body. */
  bodyOptional?: boolean;
  /** One line for the API document. */
  summary: string;
  /** Body of a POST, query of a GET. */
  input: Schema;
  /** `data` of a success. */
  output: z.ZodType;
  /** The refusals a caller may meet beside those of every route; documented and tested. */
  refusals: readonly RefusalCode[];
  handle(ctx: Context, request: MallRequest<z.output<Schema>>): Promise<Reply>;
}>;

/** Defines a route; keeps the type of its input. */
export function mallRoute<Schema extends z.ZodType>(route: MallRoute<Schema>): MallRoute<Schema> {
  return route;
}

export type Handler = (request: Request, params: PathParams) => Promise<Response>;

/** The Web-standard handler of a route: `(Request, params) => Response`. Never throws; every answer wears the envelope. */
export function handlerOf<Schema extends z.ZodType>(route: MallRoute<Schema>): Handler {
  return async (request, params) => {
    const receivedAtMs = performance.now();
    const traceId = newTraceId();
    const locale = localeOf(request.headers.get("accept-language"));
    let ctx: Runtime | undefined;
    let reply: Reply;
    let end: (() => void) | undefined;
    try {
      ctx = runtime();
      if (route.isNewApproval) {
        // Before the key is looked up: what is turned away costs no statement and no call.
        if (ctx.admission.turnsAway("new_approval"))
          throw new Refusal("MAINTENANCE", {}, tryAgainSeconds(ctx));
        end = ctx.admission.beginApproval();
      }
      reply = await answer(ctx, route, request, params, { traceId, locale, receivedAtMs });
    } catch (error) {
      reply = replyToError(ctx, error, locale, traceId);
    } finally {
      end?.();
    }
    recordHttpRequest(route.method, route.path, reply.status, (performance.now() - receivedAtMs) / 1000);
    return toResponse(reply, traceId);
  };
}

/** Malls that were turned away together come back one after the other. */
function tryAgainSeconds({ random }: Context): number {
  return 1 + Math.floor(3 * random());
}

async function answer<Schema extends z.ZodType>(
  ctx: Context,
  route: MallRoute<Schema>,
  request: Request,
  params: PathParams,
  asker: { traceId: string; locale: Locale; receivedAtMs: number },
): Promise<Reply> {
  const url = new URL(request.url);
  const mall =
    route.auth === "none"
      ? anonymous
      : await authenticateMall(
          ctx,
          request.headers.get("authorization"),
          clientAddressOf(request.headers.get("x-forwarded-for")),
        );
  // An address that says more than it should is another address (bad-input row 31).
  if (route.method !== "GET" && url.search !== "") throw new Refusal("NOT_FOUND");
  const key = route.movesMoney ? idempotencyKeyOf(request.headers.get("idempotency-key")) : "";
  const given =
    route.method !== "POST"
      ? queryOf(url)
      : route.bodyOptional && isWithoutBody(request)
        ? {}
        : await readJson(request);
  const input = validate(route.input, given);
  const testCode = testCodeOf(request.headers.get("paydeck-test-code"));
  const idempotency = {
    method: route.method,
    path: url.pathname,
    key,
    requestHash: route.movesMoney ? ctx.keys.fingerprintRequest(canonicalJson(given)) : emptyHash,
  };
  return route.handle(ctx, { mall, input, params, idempotency, testCode, url, ...asker });
}

const anonymous: MallOfKey = {
  keyId: "",
  mallId: "",
  mallName: "",
  status: "ACTIVE",
  expiresAt: null,
  routes: [],
  allowed: [],
};
const emptyHash = Buffer.alloc(0);

function isWithoutBody({ headers }: Request): boolean {
  const length = headers.get("content-length");
  return (
    length === "0" || (length === null && !headers.has("transfer-encoding") && !headers.has("content-type"))
  );
}

function idempotencyKeyOf(header: string | null): string {
  if (header === null) throw new Refusal("IDEMPOTENCY_KEY_REQUIRED");
  // Two headers arrive joined by ", "; a key never holds that.
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,298}[\x21-\x7e])?$/.test(header) || header.includes(", "))
    throw new Refusal("INVALID_IDEMPOTENCY_KEY");
  return header;
}

function testCodeOf(header: string | null): string | undefined {
  const code = header?.trim();
  return code && /^[A-Z0-9_, ]{1,200}$/.test(code) ? code : undefined;
}

function queryOf(url: URL): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name in query) throw new Refusal("INVALID_REQUEST", { field: name });
    query[name] = value;
  }
  return query;
}

/** Validates by the route's schema. The refusal names the first field that is wrong, and the code that field stands for. */
export function validate<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const issue = firstIssueOf(read.error.issues);
  const field =
    issue?.path.join(".") || (issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined) || "body";
  throw new Refusal(codeOfField(field), { field });
}

/** Of a choice between shapes the one that fits best speaks: the shape with the fewest complaints. */
function firstIssueOf(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== "invalid_union") return issue;
  const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0];
  return closest ? firstIssueOf(closest) : issue;
}

function codeOfField(field: string): RefusalCode {
  if (["amount", "taxFreeAmount", "currentCancelableAmount", "voucher.amount"].includes(field))
    return "INVALID_AMOUNT";
  return field === "orderId" ? "INVALID_ORDER_ID" : "INVALID_REQUEST";
}

/** Korean unless the mall prefers English. */
export function localeOf(acceptLanguage: string | null): Locale {
  return /^\s*en\b/i.test(acceptLanguage ?? "") ? "en" : "ko";
}

function replyToError(ctx: Context | undefined, error: unknown, locale: Locale, traceId: string): Reply {
  if (error instanceof Refusal)
    return refusalReply(error.code, error.facts, locale, traceId, error.retryAfterSeconds);
  if (isDatabaseUnavailable(error))
    return refusalReply("IDEMPOTENCY_STORE_UNAVAILABLE", {}, locale, traceId, 2);
  ctx?.log.error({ err: error, trace: { id: traceId } }, "a mall's request met a bug");
  return refusalReply("INTERNAL_ERROR", {}, locale, traceId);
}

function toResponse(reply: Reply, traceId: string): Response {
  return new Response(reply.body, {
    status: reply.status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "paydeck-trace-id": traceId,
      ...reply.headers,
    },
  });
}

/** A refusal that no route gives: an unknown address, a method that is not served there. */
export function refuseOutsideRoutes(
  code: "NOT_FOUND" | "METHOD_NOT_ALLOWED",
  request: Request,
  allowed: readonly string[] = [],
): Response {
  const traceId = newTraceId();
  const reply = refusalReply(code, {}, localeOf(request.headers.get("accept-language")), traceId);
  return toResponse(
    allowed.length > 0 ? { ...reply, headers: { allow: allowed.join(", ") } } : reply,
    traceId,
  );
}
