import { metricsResponse } from "#server/api/health.ts";
import { runtime } from "#server/platform/runtime.ts";

export const GET = (request: Request) => metricsResponse(runtime(), request.headers.get("authorization"));
