import { liveResponse } from "#server/api/health.ts";

export const GET = () => liveResponse();
