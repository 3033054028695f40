import { connect } from "node:net";
import type { VanDeadline } from "#server/van/van-gateway.ts";
import { errorText, type LineAnswer, notSentBecause } from "#server/van/van-line.ts";

/** TCP port 1 (tcpmux) has been out of use for decades. */
const closedPort = 1;

/** What the test code `REFUSE_CONNECTION` asks for: dials a port where nobody listens, so that the refusal is a real one. */
export function dialClosedPort(host: string, deadline: VanDeadline): Promise<LineAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: closedPort });
    const end = (answer: LineAnswer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(
      () => end({ kind: "not_sent", because: "connect_timeout", error: "ETIMEDOUT" }),
      Math.min(deadline.connectTimeoutMs, deadline.totalTimeoutMs),
    );
    socket.once("error", (error) =>
      end({ kind: "not_sent", because: notSentBecause(error), error: errorText(error) }),
    );
    socket.once("connect", () =>
      end({ kind: "not_sent", because: "unreachable", error: "port 1 is open; nothing was sent" }),
    );
  });
}
