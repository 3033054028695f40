import { type Handler, handlerOf, type MallRoute, refuseOutsideRoutes } from "#server/api/mall-route.ts";
import { mallRoutes } from "#server/api/v1/routes.ts";

export const apiPrefix = "/api/v1";

type Served = Readonly<{ method: string; segments: readonly string[]; handle: Handler }>;

const served: readonly Served[] = mallRoutes.map((route: MallRoute) => ({
  method: route.method,
  segments: route.path.slice(1).split("/"),
  handle: handlerOf(route),
}));

/** Answers any request under `/api/v1`: finds the route, or refuses with `NOT_FOUND` or `METHOD_NOT_ALLOWED`. Never throws. */
export function serveMallApi(request: Request): Promise<Response> | Response {
  // The raw path: an encoded or doubled slash names nothing here, however it would be resolved elsewhere.
  const path = new URL(request.url).pathname;
  const segments = path.slice(apiPrefix.length + 1).split("/");
  const sameAddress = served.filter(
    (route) =>
      route.segments.length === segments.length &&
      route.segments.every((part, at) => matches(part, segments[at])),
  );
  const literal = sameAddress.filter((route) => route.segments.every((part) => !part.startsWith("{")));
  const candidates = literal.length > 0 ? literal : sameAddress;
  if (candidates.length === 0) return refuseOutsideRoutes("NOT_FOUND", request);
  const route = candidates.find((candidate) => candidate.method === request.method);
  if (!route)
    return refuseOutsideRoutes(
      "METHOD_NOT_ALLOWED",
      request,
      candidates.map((candidate) => candidate.method),
    );
  const params: Record<string, string> = {};
  route.segments.forEach((part, at) => {
    if (part.startsWith("{")) params[part.slice(1, -1)] = segments[at] ?? "";
  });
  return route.handle(request, params);
}

function matches(part: string, segment: string | undefined): boolean {
  return part.startsWith("{")
    ? segment !== undefined && /^[A-Za-z0-9_-]{1,100}$/.test(segment)
    : part === segment;
}
