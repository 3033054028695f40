import { Refusal } from "#server/core/refusals.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/** So many messages of this process may be under way at one VAN; beyond it a slow VAN would take all there is (A0). */
const inFlightMax = 256;

export type Route = Readonly<{ vanCode: string; weight: number }>;

/**
 * Picks the VAN of a new approval by the weights of the mall's routes, among VANs that are enabled, connected here and
 * not full. Decided before anything is written.
 * `random` is in [0, 1). Throws `VAN_UNAVAILABLE` when none is left. A payment that was sent stays with its VAN (D5).
 */
export function routeToVan(
  routes: readonly Route[],
  settings: ReadonlyMap<string, VanSettings>,
  connected: ReadonlyMap<string, Pick<VanGateway, "health">>,
  random: number,
): VanSettings {
  const open = routes.filter(({ vanCode, weight }) => {
    const inFlight = connected.get(vanCode)?.health().inFlight ?? Number.POSITIVE_INFINITY;
    return weight > 0 && inFlight < inFlightMax && settings.get(vanCode)?.isEnabled;
  });
  const total = open.reduce((sum, route) => sum + route.weight, 0);
  let at = random * total;
  for (const route of open) {
    at -= route.weight;
    const van = settings.get(route.vanCode);
    if (at < 0 && van) return van;
  }
  throw new Refusal("VAN_UNAVAILABLE", {}, 30);
}
