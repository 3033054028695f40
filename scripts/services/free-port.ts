import { createServer } from "node:net";

/** Says whether a loopback TCP port can be bound right now. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Asks the kernel for a free loopback TCP port that is not in `taken`. */
export async function findFreePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const probe = createServer();
      probe.once("error", reject);
      probe.listen({ port: 0, host: "127.0.0.1", exclusive: true }, () => {
        const address = probe.address();
        probe.close(() =>
          typeof address === "object" && address !== null
            ? resolve(address.port)
            : reject(new Error("the kernel gave no port")),
        );
      });
    });
    if (!taken.has(port)) return port;
  }
}
