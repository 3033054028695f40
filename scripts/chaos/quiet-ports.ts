import { existsSync, readFileSync } from "node:fs";
import { isPortFree } from "#scripts/services/free-port.ts";

const rangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
const lowest = 15_000;

/**
 * Finds loopback ports below those that the kernel gives to outgoing connections: a server that is killed and started
 * again finds its port free, whoever has been trying to reach it meanwhile.
 */
export async function findQuietPorts<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const range = existsSync(rangeFile) ? readFileSync(rangeFile, "utf8") : "";
  const firstEphemeral = Number(range.trim().split(/\s+/)[0] || 32_768);
  const highest = Math.max(lowest + 5_000, firstEphemeral) - 1;
  const ports = {} as Record<Name, number>;
  // Runs side by side begin at different places.
  let next = lowest + Math.floor(Math.random() * (highest - lowest - 1_000));
  for (const name of names) {
    while (!(await isPortFree(next))) next++;
    ports[name] = next++;
  }
  return ports;
}
