import { HttpLine } from "#server/van/http-line.ts";
import { LineGateway } from "#server/van/line-gateway.ts";
import { sbx1Codec, sbx1Path } from "#server/van/sbx1/codec.ts";
import { sbx1Codes } from "#server/van/sbx1/response-codes.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";
import type { OnCircuitChange } from "#server/van/van-guard.ts";

/** SBX1 at `url` (`http://host:port`): JSON over HTTP/1.1, connections kept alive. */
export function openSbx1(url: string, onCircuitChange: OnCircuitChange): VanGateway {
  const { origin, hostname, port } = new URL(url);
  return new LineGateway({
    code: "SBX1",
    address: { host: hostname, port: Number(port || 80) },
    codec: sbx1Codec,
    codes: sbx1Codes,
    line: new HttpLine(origin, sbx1Path),
    onCircuitChange,
  });
}
