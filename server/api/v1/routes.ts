import type { MallRoute } from "#server/api/mall-route.ts";
import { eventsRoute } from "#server/api/v1/events.ts";
import { openApiRoute } from "#server/api/v1/openapi.ts";
import {
  approveRoute,
  cancelRoute,
  inquiryRoute,
  listRoute,
  netCancelRoute,
} from "#server/api/v1/payments.ts";
import { settlementLinesRoute, settlementsRoute } from "#server/api/v1/settlements.ts";
import {
  deleteEndpointRoute,
  listEndpointsRoute,
  registerEndpointRoute,
  rotateEndpointRoute,
  testEndpointRoute,
} from "#server/api/v1/webhook-endpoints.ts";

/** Every route of the mall API under `/api/v1`: what the HTTP front serves, the API document says and the tests walk. */
export const mallRoutes: readonly MallRoute[] = [
  approveRoute,
  listRoute,
  netCancelRoute,
  inquiryRoute,
  cancelRoute,
  registerEndpointRoute,
  listEndpointsRoute,
  deleteEndpointRoute,
  testEndpointRoute,
  rotateEndpointRoute,
  eventsRoute,
  settlementsRoute,
  settlementLinesRoute,
  openApiRoute(() => mallRoutes),
] as unknown as readonly MallRoute[];
