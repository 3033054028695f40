import type { DemoFile } from "#scripts/supervisor/demo-file.ts";
import type { MallClient } from "./mall-client.ts";
import {
  openWebhookReceiver,
  type Received,
  receiverPath,
  type WebhookReceiver,
} from "./webhook-receiver.ts";

export type ListeningMall = Readonly<{ mall: DemoFile["malls"][number]; client: MallClient }>;
type Endpoint = Readonly<{ endpointId: string; url: string; status: string }>;

/**
 * Makes the demo's listening malls hear their webhooks: keeps an endpoint of theirs that still reaches this process and
 * is signed with the secret it knows, and replaces any other one of its own. Endpoints that somebody else registered
 * are left alone. Returns the receiver and the secrets that are new.
 */
export async function listenToWebhooks(
  malls: readonly ListeningMall[],
  on: Readonly<{ onReceived: (received: Received) => void; stumbles?: () => boolean }>,
): Promise<{ receiver: WebhookReceiver; newSecrets: ReadonlyMap<string, string> }> {
  const registered = await Promise.all(
    malls.map(async (listening) => ({ ...listening, endpoints: await endpointsOf(listening) })),
  );
  const known = registered.flatMap(({ endpoints }) => endpoints).map(({ url }) => Number(new URL(url).port));
  const receiver = await openWebhookReceiver({ preferredPort: known[0] ?? 0, ...on });
  const newSecrets = new Map<string, string>();
  try {
    for (const { mall, client, endpoints } of registered) {
      const url = `http://127.0.0.1:${receiver.port}${receiverPath(mall.mallId)}`;
      if (mall.webhookSecret) receiver.trust(mall.mallId, mall.webhookSecret);
      let isHeard = false;
      for (const endpoint of endpoints) {
        if (!isHeard && endpoint.url === url && (await arrives(client, endpoint))) isHeard = true;
        else await client.send({ method: "DELETE", path: `/webhook-endpoints/${endpoint.endpointId}` });
      }
      if (isHeard) continue;
      const { code, data } = await client.send({ method: "POST", path: "/webhook-endpoints", body: { url } });
      if (code !== "SUCCESS") throw new Error(`${mall.name} could not register a webhook endpoint: ${code}`);
      const secret = String(data.secret);
      receiver.trust(mall.mallId, secret);
      newSecrets.set(mall.mallId, secret);
    }
    return { receiver, newSecrets };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}

/** The endpoints that this process, or one before it, made for the mall. */
async function endpointsOf({ mall, client }: ListeningMall): Promise<Endpoint[]> {
  const { code, data } = await client.send({ method: "GET", path: "/webhook-endpoints" });
  if (code !== "SUCCESS") throw new Error(`${mall.name} could not list its webhook endpoints: ${code}`);
  return (data.endpoints as Endpoint[]).filter(({ url }) => {
    const { hostname, pathname } = new URL(url);
    return hostname === "127.0.0.1" && pathname === receiverPath(mall.mallId);
  });
}

/** Whether a test event gets here and is signed with the secret we know. */
async function arrives(client: MallClient, { endpointId }: Endpoint): Promise<boolean> {
  const { data } = await client.send({ method: "POST", path: `/webhook-endpoints/${endpointId}/test` });
  return data.delivered === true;
}
