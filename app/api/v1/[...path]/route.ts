import { serveMallApi } from "#server/api/v1/serve.ts";

// Served here by Next's own server; behind the HTTP front the same function answers without Next's router.
const serve = async (request: Request) => serveMallApi(request);

export { serve as DELETE, serve as GET, serve as PATCH, serve as POST, serve as PUT };
