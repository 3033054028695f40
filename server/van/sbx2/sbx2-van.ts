import { LineGateway } from "#server/van/line-gateway.ts";
import { MultiplexedLine } from "#server/van/multiplexed-line.ts";
import { sbx2Codec, sbx2Framing } from "#server/van/sbx2/codec.ts";
import { sbx2Codes } from "#server/van/sbx2/response-codes.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";
import type { OnCircuitChange } from "#server/van/van-guard.ts";

/**
 * SBX2 at `url` (`tcp://host:port`): fixed-length messages, many at once on a few connections. `onStray` hears
 * the trace number of an answer that nobody waits for: late, or sent twice.
 */
export function openSbx2(
  url: string,
  onCircuitChange: OnCircuitChange,
  onStray: (traceNo: string) => void,
): VanGateway {
  const { hostname: host, port } = new URL(url);
  const address = { host, port: Number(port) };
  return new LineGateway({
    code: "SBX2",
    address,
    codec: sbx2Codec,
    codes: sbx2Codes,
    line: new MultiplexedLine(address, sbx2Framing, {
      approvalConnections: 2,
      otherConnections: 1,
      onStray: (frame) => onStray(sbx2Framing.keyOf(frame)?.slice(6) ?? ""),
    }),
    onCircuitChange,
  });
}
