import { Refusal } from "#server/core/refusals.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

export type Route = Readonly<{ vanCode: string; weight: number }>;

/**
 * Picks the VAN of a new approval by the weights of the mall's routes, among VANs that are enabled and connected here.
 * `random` is in [0, 1). Throws `VAN_UNAVAILABLE` when none is left. A payment that was sent stays with its VAN (D5).
 */
export function routeToVan(
  routes: readonly Route[],
  settings: ReadonlyMap<string, VanSettings>,
  connected: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  random: number,
): VanSettings {
  const open = routes.filter(
    (route) => route.weight > 0 && connected.has(route.vanCode) && settings.get(route.vanCode)?.isEnabled,
  );
  const total = open.reduce((sum, route) => sum + route.weight, 0);
  let at = random * total;
  for (const route of open) {
    at -= route.weight;
    const van = settings.get(route.vanCode);
    if (at < 0 && van) return van;
  }
  throw new Refusal("VAN_UNAVAILABLE", {}, 30);
}
