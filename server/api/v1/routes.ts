import type { MallRoute } from "#server/api/mall-route.ts";
import {
  approveRoute,
  cancelRoute,
  inquiryRoute,
  listRoute,
  netCancelRoute,
} from "#server/api/v1/payments.ts";

/** Every route of the mall API under `/api/v1`: what the HTTP front serves, the API document says and the tests walk. */
export const mallRoutes: readonly MallRoute[] = [
  approveRoute,
  listRoute,
  netCancelRoute,
  inquiryRoute,
  cancelRoute,
] as unknown as readonly MallRoute[];
