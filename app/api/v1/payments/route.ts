import { handlerOf } from "#server/api/mall-route.ts";
import { approveRoute, listRoute } from "#server/api/v1/payments.ts";

const approve = handlerOf(approveRoute);
const list = handlerOf(listRoute);

export const POST = (request: Request) => approve(request, {});
export const GET = (request: Request) => list(request, {});
