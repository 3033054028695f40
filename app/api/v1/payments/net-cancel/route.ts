import { handlerOf } from "#server/api/mall-route.ts";
import { netCancelRoute } from "#server/api/v1/payments.ts";

const netCancel = handlerOf(netCancelRoute);

export const POST = (request: Request) => netCancel(request, {});
