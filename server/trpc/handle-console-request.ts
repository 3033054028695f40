import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { newTraceId } from "#server/core/ids.ts";
import { Refusal, refusals } from "#server/core/refusals.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import type { SignedInOperator } from "#server/operators/permissions.ts";
import type { Admission } from "#server/platform/admission.ts";
import type { Context } from "#server/platform/context.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { loadOfProcedure, type ProcedureMeta } from "#server/trpc/init.ts";
import { isSameOrigin } from "#server/trpc/is-same-origin.ts";
import { appRouter } from "#server/trpc/root.ts";

/** Far above any batch a screen sends. */
const bodyBytesMax = 1_048_576;

function refuse(
  code: "FORBIDDEN_SCOPE" | "UNSUPPORTED_MEDIA_TYPE" | "REQUEST_TOO_LARGE",
  traceId: string,
): Response {
  const { status, en } = refusals[code];
  return Response.json(
    { error: { code, message: en } },
    { status, headers: { "paydeck-trace-id": traceId, "cache-control": "no-store" } },
  );
}

const procedures = appRouter._def.procedures as unknown as Readonly<
  Record<string, { _def: { type: string; meta?: ProcedureMeta } }>
>;

/** The procedures of a request that are turned away; each class is asked for once. */
function turnAway(admission: Admission, calls: readonly { path: string }[]): ReadonlySet<string> {
  const decided = new Map<string, boolean>([["never", false]]);
  const away = new Set<string>();
  for (const { path } of calls) {
    const procedure = procedures[path];
    // An address that names no procedure is answered as such.
    if (!procedure) continue;
    const load = loadOfProcedure(procedure._def);
    const isAway = decided.get(load) ?? (load !== "never" && admission.turnsAway(load));
    decided.set(load, isAway);
    if (isAway) away.add(path);
  }
  return away;
}

/**
 * Answers the console's one door, `/api/trpc/*`. Mutations are accepted only as JSON from our own pages (CSRF); every
 * answer carries its trace id, and only errors that are not refusals are logged as such.
 */
export async function handleConsoleRequest(
  request: Request,
  context: Context & Pick<Runtime, "admission">,
  readOperator: () => Promise<SignedInOperator | null>,
): Promise<Response> {
  const traceId = newTraceId();
  if (request.method !== "GET") {
    if (!isSameOrigin(request)) return refuse("FORBIDDEN_SCOPE", traceId);
    if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? ""))
      return refuse("UNSUPPORTED_MEDIA_TYPE", traceId);
    if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax)
      return refuse("REQUEST_TOO_LARGE", traceId);
  }
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: async ({ info }) => {
      const turnedAway = turnAway(context.admission, info.calls);
      return {
        context,
        // Who asks costs a look-up too: it is spared when nothing is served anyway.
        operator: info.calls.every(({ path }) => turnedAway.has(path)) ? null : await readOperator(),
        traceId,
        ipAddress: clientAddressOf(request.headers.get("x-forwarded-for")),
        turnedAway,
      };
    },
    responseMeta: () => ({
      headers: new Headers({ "paydeck-trace-id": traceId, "cache-control": "no-store" }),
    }),
    onError({ error, path, ctx }) {
      if (error.cause instanceof Refusal || error.code !== "INTERNAL_SERVER_ERROR") {
        context.log.info(
          { traceId, path, code: error.code, operatorId: ctx?.operator?.id },
          "the console was refused",
        );
      } else {
        context.log.error(
          { traceId, path, operatorId: ctx?.operator?.id, err: error.cause ?? error },
          "a console procedure failed",
        );
      }
    },
  });
}
