import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test } from "vitest";
import { findFreePort } from "#scripts/services/free-port.ts";
import { type ListeningMall, listenToWebhooks } from "./listen-to-webhooks.ts";
import type { MallClient } from "./mall-client.ts";
import { openWebhookReceiver, type Received, type WebhookReceiver } from "./webhook-receiver.ts";

const mallId = "mall_01KAN3S4T5Q2W8XJ6RDN3B7ZC4";
const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const open: WebhookReceiver[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

async function post(url: string, secret: string, type = "payment.approved"): Promise<number> {
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data: { sequence: 1 } });
  const at = new Date();
  const signature = new Webhook(secret).sign("evt_1", at, body);
  const headers = {
    "content-type": "application/json",
    "webhook-id": "evt_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": signature,
  };
  return (await fetch(url, { method: "POST", headers, body })).status;
}

type Registered = { endpointId: string; url: string; status: string; secret: string };

/** The endpoint routes of the mall API, with a platform behind them that signs and sends for real. */
function fakePlatform(endpoints: Registered[]): MallClient {
  return {
    async send({ method, path, body }) {
      const success = (data: object) => ({
        status: 200,
        code: "SUCCESS",
        data: data as Record<string, unknown>,
        tries: 1,
      });
      const [, , endpointId, action] = path.split("/");
      const found = endpoints.find((endpoint) => endpoint.endpointId === endpointId);
      if (method === "GET") return success({ endpoints: endpoints.map(({ secret: _, ...rest }) => rest) });
      if (method === "DELETE") {
        endpoints.splice(
          endpoints.findIndex((endpoint) => endpoint.endpointId === endpointId),
          1,
        );
        return success({ endpointId, deleted: true });
      }
      if (action === "test" && found)
        return success({
          delivered: (await post(found.url, found.secret, "paydeck.test").catch(() => 0)) === 200,
        });
      const made = {
        endpointId: `whe_${endpoints.length}`,
        url: (body as { url: string }).url,
        status: "ACTIVE",
        secret: newSecret(),
      };
      endpoints.push(made);
      return success(made);
    },
  };
}

async function listen(endpoints: Registered[], webhookSecret: string) {
  const heard: Received[] = [];
  const mall: ListeningMall = {
    mall: { mallId, name: "한빛서점", secretKey: "sk", webhookSecret },
    client: fakePlatform(endpoints),
  };
  const { receiver, newSecrets } = await listenToWebhooks([mall], {
    onReceived: (received) => heard.push(received),
  });
  open.push(receiver);
  return { heard, newSecrets, receiver };
}

describe("the demo's receiver", () => {
  test("keeps the endpoint of an earlier run on its port", async () => {
    const secret = newSecret();
    const port = await findFreePort();
    const endpoints = [
      {
        endpointId: "whe_seeded",
        url: `http://127.0.0.1:${port}/webhooks/${mallId}`,
        status: "ACTIVE",
        secret,
      },
    ];
    const { receiver, newSecrets, heard } = await listen(endpoints, secret);
    expect(receiver.port).toBe(port);
    expect(newSecrets.size).toBe(0);
    expect(endpoints.map(({ endpointId }) => endpointId)).toEqual(["whe_seeded"]);
    expect(heard).toEqual([{ mallId, type: "paydeck.test", isGenuine: true }]);
  });

  test("replaces its endpoint when the port is taken, and leaves other people's alone", async () => {
    const other = await openWebhookReceiver({ preferredPort: 0, onReceived: () => undefined });
    open.push(other);
    const secret = newSecret();
    const foreign = {
      endpointId: "whe_foreign",
      url: "https://shop.example.com/hooks",
      status: "ACTIVE",
      secret: newSecret(),
    };
    const endpoints = [
      {
        endpointId: "whe_old",
        url: `http://127.0.0.1:${other.port}/webhooks/${mallId}`,
        status: "ACTIVE",
        secret,
      },
      foreign,
    ];
    const { receiver, newSecrets, heard } = await listen(endpoints, secret);
    expect(receiver.port).not.toBe(other.port);
    expect(endpoints.map(({ endpointId }) => endpointId)).toEqual(["whe_foreign", "whe_1"]);
    const made = endpoints[1];
    expect(newSecrets.get(mallId)).toBe(made?.secret);
    expect(await post(made?.url ?? "", made?.secret ?? "")).toBe(200);
    expect(heard).toEqual([{ mallId, type: "payment.approved", isGenuine: true }]);
  });

  test("replaces an endpoint whose secret it does not know", async () => {
    const endpoints = [
      {
        endpointId: "whe_old",
        url: `http://127.0.0.1:${await findFreePort()}/webhooks/${mallId}`,
        status: "ACTIVE",
        secret: newSecret(),
      },
    ];
    const { newSecrets } = await listen(endpoints, newSecret());
    expect(newSecrets.size).toBe(1);
    expect(endpoints.map(({ endpointId }) => endpointId)).toEqual(["whe_0"]);
  });

  test("refuses what is not signed by the platform", async () => {
    const { receiver, heard } = await listen([], newSecret());
    expect(await post(`http://127.0.0.1:${receiver.port}/webhooks/${mallId}`, newSecret())).toBe(401);
    expect(heard).toEqual([{ mallId, type: "", isGenuine: false }]);
    expect(
      await post(`http://127.0.0.1:${receiver.port}/webhooks/mall_01KAN3S4T5Q2W8XJ6RDN3B7ZZZ`, newSecret()),
    ).toBe(404);
  });
});
