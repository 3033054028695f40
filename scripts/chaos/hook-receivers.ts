import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { createRandom } from "#prisma/seed/random.ts";
import type { History } from "./history.ts";

export type HookReceivers = Readonly<{
  addressOf(name: string): string;
  /** Verifies what arrives at the address of `name` with this secret, as this endpoint. */
  trust(name: string, endpointId: string, secret: string): void;
  /** From now on every message is taken. */
  stopFailing(): void;
  close(): Promise<void>;
}>;

const failingShare = 0.2;

/** The malls' webhook receivers: each message is verified with the `standardwebhooks` library, and every fifth fails in some way. */
export async function openHookReceivers(history: History, seed: number): Promise<HookReceivers> {
  const random = createRandom(seed ^ 0x5eed);
  const trusted = new Map<string, { endpointId: string; webhook: Webhook }>();
  let isFailing = true;
  const server = createServer(async (request, response) => {
    const known = trusted.get((request.url ?? "").slice("/hooks/".length));
    const body = await readBody(request).catch(() => undefined);
    if (known === undefined || body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const isGenuine = verifies(known.webhook, body, headers);
    const fails = isFailing && random.chance(failingShare);
    const answered = !isGenuine ? 401 : fails ? random.pick([500, 503, 429, 0]) : 200;
    const said = JSON.parse(body) as { type: string; data: { sequence: number; paymentKey?: string } };
    history.sawHook({
      atMs: Date.now(),
      endpointId: known.endpointId,
      webhookId: headers["webhook-id"] ?? "",
      type: said.type,
      sequence: said.data.sequence,
      subjectId: said.data.paymentKey ?? "",
      isGenuine,
      answered,
    });
    if (answered === 0) response.destroy();
    else response.writeHead(answered, { "content-type": "text/plain" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    addressOf: (name) => `http://127.0.0.1:${port}/hooks/${name}`,
    trust: (name, endpointId, secret) => void trusted.set(name, { endpointId, webhook: new Webhook(secret) }),
    stopFailing: () => {
      isFailing = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function verifies(webhook: Webhook, body: string, headers: Record<string, string>): boolean {
  try {
    webhook.verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
