import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { liveResponse, metricsResponse, readyResponse } from "#server/api/health.ts";
import { refuseOutsideRoutes } from "#server/api/mall-route.ts";
import { apiPrefix, serveMallApi } from "#server/api/v1/serve.ts";
import { refusalReply } from "#server/core/envelope.ts";
import { newTraceId } from "#server/core/ids.ts";
import type { Context } from "#server/platform/context.ts";
import type { Runtime } from "#server/platform/runtime.ts";

type Served = Context & Pick<Runtime, "lifecycle">;

export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> | void;

/** True for the addresses that are answered here, without passing through Next: the mall API, health and metrics. */
export function isApiAddress(url: string): boolean {
  return (
    url === apiPrefix ||
    url.startsWith(`${apiPrefix}/`) ||
    url.startsWith("/api/health/") ||
    url === "/api/metrics"
  );
}

/** An address that says what it means: nothing encoded, doubled or relative that another reader might resolve elsewhere. */
function isPlain(url: string): boolean {
  const path = url.split("?", 1)[0] ?? "";
  return (
    /^(\/[A-Za-z0-9_.-]+)+$/.test(path) &&
    !path.split("/").some((segment) => segment === "." || segment === "..")
  );
}

/** The listener of `node:http` for those addresses. */
export function openApiListener(context: Served): Listener {
  return getRequestListener((request, { incoming }) => answer(context, request, incoming.url ?? "/"), {
    // Light objects are twice as fast; Next's development server cannot send them on.
    overrideGlobalObjects: context.env.NODE_ENV === "production",
  });
}

/** Answers what `node:http` could not read as a request at all: a header with control characters, or one that is too large. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return;
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const traceId = newTraceId();
  const { body } = refusalReply(
    tooLarge ? "REQUEST_TOO_LARGE" : "INVALID_REQUEST",
    { field: "headers" },
    "ko",
    traceId,
  );
  socket.end(
    [
      `HTTP/1.1 ${tooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request"}`,
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      `paydeck-trace-id: ${traceId}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function answer(context: Served, request: Request, rawUrl: string): Promise<Response> | Response {
  if (!isPlain(rawUrl)) return refuseOutsideRoutes("NOT_FOUND", request);
  const path = rawUrl.split("?", 1)[0];
  if (path === "/api/health/live") return liveResponse();
  if (path === "/api/health/ready") return readyResponse(context);
  if (path === "/api/metrics") return metricsResponse(context, request.headers.get("authorization"));
  return path?.startsWith(`${apiPrefix}/`)
    ? serveMallApi(request)
    : refuseOutsideRoutes("NOT_FOUND", request);
}
