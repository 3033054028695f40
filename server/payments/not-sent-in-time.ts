import type { Context } from "#server/platform/context.ts";
import type { NotSent } from "#server/van/van-gateway.ts";

/** What a handler says that was paused for so long that sending now could outlast its lease (A3): certainly nothing was sent. */
export function notSentInTime(ctx: Pick<Context, "now">): NotSent {
  const exchange = {
    requestBytes: new Uint8Array(),
    responseBytes: null,
    startedAt: ctx.now(),
    durationMs: 0,
    error: "not sent: too little of the lease was left",
  };
  return { kind: "not_sent", because: "unreachable", exchange };
}
