import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export type Received = Readonly<{ mallId: string; type: string; isGenuine: boolean }>;

export type WebhookReceiver = Readonly<{
  port: number;
  /** Trusts what is signed with this secret, on the address of that mall. */
  trust(mallId: string, secret: string): void;
  close(): Promise<void>;
}>;

type Options = Readonly<{
  /** Listened on if it is free; any other one otherwise. */
  preferredPort: number;
  onReceived: (received: Received) => void;
  /** True for a message that the mall fails to take, so that it is delivered again. */
  stumbles?: () => boolean;
}>;

const bodyMaxBytes = 1024 * 1024;
export const receiverPath = (mallId: string) => `/webhooks/${mallId}`;

/** Listens for webhooks on the loopback address, as the malls' servers would, and checks each signature. */
export async function openWebhookReceiver({
  preferredPort,
  onReceived,
  stumbles = () => false,
}: Options): Promise<WebhookReceiver> {
  const secrets = new Map<string, Webhook>();
  const server = createServer((request, response) => {
    receive(request).then(
      (status) =>
        response.writeHead(status, { "content-type": "text/plain" }).end(status === 200 ? "ok" : "no"),
      () => response.destroy(),
    );
  });

  async function receive(request: IncomingMessage): Promise<number> {
    const mallId = /^\/webhooks\/(mall_[0-9A-Z]{26})$/.exec(request.url ?? "")?.[1];
    if (request.method !== "POST" || !mallId) return 404;
    const body = await readBody(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    try {
      secrets.get(mallId)?.verify(body, headers);
    } catch {
      onReceived({ mallId, type: "", isGenuine: false });
      return 401;
    }
    if (!secrets.has(mallId)) return 404;
    const { type } = JSON.parse(body) as { type: string };
    onReceived({ mallId, type, isGenuine: true });
    return type.startsWith("payment.") && stumbles() ? 503 : 200;
  }

  const port = await listen(server, preferredPort);
  return {
    port,
    trust: (mallId, secret) => void secrets.set(mallId, new Webhook(secret)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, preferredPort: number): Promise<number> {
  const on = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
        server.off("error", reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  try {
    return await on(preferredPort);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    return on(0);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyMaxBytes) throw new RangeError("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
