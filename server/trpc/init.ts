import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { ZodError } from "zod";
import { Refusal, type RefusalCode, type RefusalFacts, refusals } from "#server/core/refusals.ts";
import { mayDo, type Permission } from "#server/operators/permissions.ts";
import type { LoadClass } from "#server/platform/admission.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";

/** What a screen learns of an error; nothing internal is in it. `SIGNED_OUT` alone is not in the refusal table: malls cannot meet it. */
export type ScreenRefusal = Readonly<{
  code: RefusalCode | "SIGNED_OUT";
  facts: RefusalFacts;
  retryable: boolean;
  message: Readonly<{ ko: string; en: string }>;
  traceId: string;
}>;

const signedOut = { ko: "로그인이 필요합니다.", en: "Sign in first." };

const codeOfStatus = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  502: "BAD_GATEWAY",
  503: "SERVICE_UNAVAILABLE",
  504: "GATEWAY_TIMEOUT",
} as const satisfies Record<(typeof refusals)[RefusalCode]["status"], TRPCError["code"]>;

/** Turns an error into what a screen may know. Anything that is not a refusal is an INTERNAL_ERROR without its cause. */
export function screenRefusalOf(error: TRPCError, traceId: string): ScreenRefusal {
  const say = (code: RefusalCode, facts: RefusalFacts = {}): ScreenRefusal => {
    const { ko, en, retryable } = refusals[code];
    return { code, facts, retryable, message: { ko, en }, traceId };
  };
  if (error.cause instanceof Refusal) return say(error.cause.code, error.cause.facts);
  if (error.cause instanceof ZodError)
    return say("INVALID_REQUEST", { field: error.cause.issues[0]?.path.join(".") ?? "" });
  if (error.code === "UNAUTHORIZED")
    return { code: "SIGNED_OUT", facts: {}, retryable: false, message: signedOut, traceId };
  if (error.code === "NOT_FOUND") return say("NOT_FOUND");
  if (error.code === "METHOD_NOT_SUPPORTED") return say("METHOD_NOT_ALLOWED");
  if (error.code === "UNSUPPORTED_MEDIA_TYPE") return say("UNSUPPORTED_MEDIA_TYPE");
  if (error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR") return say("INVALID_REQUEST");
  return say("INTERNAL_ERROR");
}

/** `never`: of use to an operator who moves money just now, so it is served whatever the load. */
type ProcedureLoad = LoadClass | "never";

export type ProcedureMeta = Readonly<{ permission: Permission; load?: ProcedureLoad }>;

/** How a procedure is treated under load: as it says, else a query is a read of the console and a mutation is never turned away. */
export function loadOfProcedure(procedure: { type: string; meta?: ProcedureMeta }): ProcedureLoad {
  return procedure.meta?.load ?? (procedure.type === "query" ? "console_read" : "never");
}

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      const refusal = screenRefusalOf(error, ctx?.traceId ?? "");
      return {
        code: shape.code,
        message: refusal.message.en,
        data: { code: shape.data.code, httpStatus: shape.data.httpStatus, refusal },
      };
    },
  });

/** Gives a refusal its HTTP status from the table; other errors pass as they are and become 500. */
const refuseByTable = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.cause instanceof Refusal) {
    const refusal = result.error.cause;
    throw new TRPCError({
      code: codeOfStatus[refusals[refusal.code].status],
      message: refusal.message,
      cause: refusal,
    });
  }
  return result;
});

/** Joins procedures of one module into its router. */
export const router = t.router;

/**
 * The start of every procedure of the console. It takes the permission it needs, so one without cannot be written, and
 * how it is treated under load (`loadOfProcedure` unless it says). Refuses with MAINTENANCE when it is turned away and
 * with FORBIDDEN_SCOPE; without a session it answers 401.
 */
export function operatorProcedure(permission: Permission, load?: ProcedureLoad) {
  const start = t.procedure.meta({ permission, ...(load && { load }) }).use(refuseByTable);
  return start.use(({ ctx, path, next }) => {
    if (ctx.turnedAway?.has(path)) throw new Refusal("MAINTENANCE");
    if (!ctx.operator) throw new TRPCError({ code: "UNAUTHORIZED" });
    if (!mayDo(ctx.operator.role, permission)) throw new Refusal("FORBIDDEN_SCOPE");
    return next({ ctx: { ...ctx, operator: ctx.operator } });
  });
}
