import type { Env } from "#server/platform/env.ts";
import type { Log } from "#server/platform/log.ts";
import { openSbx1 } from "#server/van/sbx1/sbx1-van.ts";
import { openSbx2 } from "#server/van/sbx2/sbx2-van.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";

/**
 * Opens a gateway for every VAN whose address is set, by VAN code. Connects in the background and keeps no
 * process alive. An answer that came too late or twice is ignored, counted and logged.
 */
export function openVans(
  env: Pick<Env, "VAN_SBX1_URL" | "VAN_SBX2_URL">,
  log: Pick<Log, "warn">,
): ReadonlyMap<string, VanGateway> {
  const vans = new Map<string, VanGateway>();
  if (env.VAN_SBX1_URL) vans.set("SBX1", openSbx1(env.VAN_SBX1_URL));
  if (env.VAN_SBX2_URL) {
    let strayAnswers = 0;
    const onStray = (traceNo: string) => {
      strayAnswers++;
      log.warn({ van: "SBX2", traceNo, strayAnswers }, "an answer came that nobody waits for");
    };
    vans.set("SBX2", openSbx2(env.VAN_SBX2_URL, onStray));
  }
  return vans;
}
