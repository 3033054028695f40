import { readyResponse } from "#server/api/health.ts";
import { runtime } from "#server/platform/runtime.ts";

export const GET = () => readyResponse(runtime());
