import { handlerOf } from "#server/api/mall-route.ts";
import { inquiryRoute } from "#server/api/v1/payments.ts";

const inquire = handlerOf(inquiryRoute);

export const GET = async (request: Request, { params }: { params: Promise<{ paymentKey: string }> }) => inquire(request, await params);
