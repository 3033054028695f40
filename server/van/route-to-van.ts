import { Refusal } from "#server/core/refusals.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/** So many messages of this process may be under way at one VAN; beyond it a slow VAN would take all there is (A0). */
export const inFlightMax = 256;

/** When to come again: a full VAN has room again soon, a VAN that an operator stopped has not. */
const fullWaitMs = 1_000;
const stoppedWaitMs = 30_000;

export type Route = Readonly<{ vanCode: string; weight: number }>;

/** What routing needs to know of a VAN. */
type Routable = Pick<VanGateway, "admitsInMs" | "admit" | "health">;

/**
 * Picks the VAN of a new approval by the weights of the mall's routes, among VANs that are not stopped, connected here,
 * not full, and whose circuit lets an approval in: what an open VAN would have got goes to the others by their weights.
 * Decided before anything is written. A payment that was sent stays with its VAN (D5).
 * `random` is in [0, 1). Throws `VAN_UNAVAILABLE` when none is left, with the time until one may be back.
 */
export function routeToVan(
  routes: readonly Route[],
  settings: ReadonlyMap<string, VanSettings>,
  connected: ReadonlyMap<string, Routable>,
  random: number,
): VanSettings {
  const choices = routes.flatMap(({ vanCode, weight }) => {
    const van = settings.get(vanCode);
    const gateway = connected.get(vanCode);
    return weight > 0 && van?.isEnabled && gateway ? [{ van, gateway, weight }] : [];
  });
  const open = choices.filter(({ gateway }) => waitMs(gateway) === 0);
  const total = open.reduce((sum, { weight }) => sum + weight, 0);
  let at = random * total;
  for (const { van, gateway, weight } of open) {
    at -= weight;
    if (at >= 0) continue;
    gateway.admit();
    return van;
  }
  const waitsMs = choices.map(({ gateway }) => waitMs(gateway));
  throw new Refusal("VAN_UNAVAILABLE", {}, Math.ceil(Math.min(stoppedWaitMs, ...waitsMs) / 1_000));
}

function waitMs(gateway: Routable): number {
  return gateway.health().inFlight < inFlightMax ? gateway.admitsInMs() : fullWaitMs;
}
