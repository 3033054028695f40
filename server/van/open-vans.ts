import type { Env } from "#server/platform/env.ts";
import type { Log } from "#server/platform/log.ts";
import { recordVanCircuit } from "#server/platform/metrics.ts";
import { openSbx1 } from "#server/van/sbx1/sbx1-van.ts";
import { openSbx2 } from "#server/van/sbx2/sbx2-van.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";
import type { OnCircuitChange } from "#server/van/van-guard.ts";

/**
 * Opens a gateway for every VAN whose address is set, by VAN code. Connects in the background and keeps no
 * process alive. An answer that came too late or twice is ignored, counted and logged. `onCircuitChange` hears every
 * change of a circuit, after it was logged.
 */
export function openVans(
  env: Pick<Env, "VAN_SBX1_URL" | "VAN_SBX2_URL">,
  log: Pick<Log, "info" | "warn">,
  onCircuitChange?: OnCircuitChange,
): ReadonlyMap<string, VanGateway> {
  const vans = new Map<string, VanGateway>();
  const watch: OnCircuitChange = (van, from, to) => {
    recordVanCircuit(van, to);
    const reason = vans.get(van)?.health().circuit.reason;
    if (to === "OPEN")
      log.warn({ labels: { van, from, to, reason } }, `${van} gets no new approvals: its circuit is open`);
    else log.info({ labels: { van, from, to, reason } }, `the circuit of ${van} went from ${from} to ${to}`);
    onCircuitChange?.(van, from, to);
  };
  if (env.VAN_SBX1_URL) vans.set("SBX1", openSbx1(env.VAN_SBX1_URL, watch));
  if (env.VAN_SBX2_URL) {
    let strayAnswers = 0;
    const onStray = (traceNo: string) => {
      strayAnswers++;
      log.warn({ van: "SBX2", traceNo, strayAnswers }, "an answer came that nobody waits for");
    };
    vans.set("SBX2", openSbx2(env.VAN_SBX2_URL, watch, onStray));
  }
  for (const code of vans.keys()) recordVanCircuit(code, "CLOSED");
  return vans;
}
