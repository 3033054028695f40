import { handlerOf } from "#server/api/mall-route.ts";
import { cancelRoute } from "#server/api/v1/payments.ts";

const cancel = handlerOf(cancelRoute);

export const POST = async (request: Request, { params }: { params: Promise<{ paymentKey: string }> }) => cancel(request, await params);
