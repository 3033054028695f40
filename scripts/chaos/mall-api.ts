import { Agent, request } from "undici";
import type { History, MallSaw, Operation } from "./history.ts";
import type { PlantedMall } from "./plant-malls.ts";

/** A wish of a mall as it is sent: the same wish may be sent several times, with the same key or with others. */
export type Wish = Readonly<{
  operation: Operation;
  orderId: string;
  method: "GET" | "POST";
  path: string;
  body?: object;
  amount?: number;
  testCode?: string | undefined;
}>;

export type Answer = MallSaw & Readonly<{ retryable: boolean; retryAfterMs: number; body: string }>;

export type MallApi = Readonly<{
  /** Sends once and tells what came back; never throws for what the platform does. */
  send(
    mall: PlantedMall,
    wish: Wish,
    sending: { key: string; attempt: number; patienceMs: number },
  ): Promise<Answer>;
  /** Sends the same bytes again for the referee, outside the history. */
  replay(
    mall: PlantedMall,
    wish: Wish,
    key: string,
  ): Promise<{ status: number; body: string; isReplay: boolean }>;
  readonly inFlight: number;
  close(): Promise<void>;
}>;

const connectionsMax = 512;

/** The malls' way to the platform, over connections that are kept alive as a real mall's are. */
export function openMallApi(baseUrl: string, history: History): MallApi {
  const dispatcher = new Agent({ connections: connectionsMax, keepAliveTimeout: 10_000 });
  let inFlight = 0;

  async function post(mall: PlantedMall, wish: Wish, key: string, patienceMs: number) {
    const answer = await request(`${baseUrl}/api/v1${wish.path}`, {
      dispatcher,
      method: wish.method,
      headers: {
        authorization: `Bearer ${mall.secretKey}`,
        ...(wish.body ? { "content-type": "application/json" } : {}),
        ...(key ? { "idempotency-key": key } : {}),
        ...(wish.testCode ? { "paydeck-test-code": wish.testCode } : {}),
      },
      ...(wish.body ? { body: JSON.stringify(wish.body) } : {}),
      signal: AbortSignal.timeout(patienceMs),
    });
    return {
      status: answer.statusCode,
      body: await answer.body.text(),
      isReplay: answer.headers["idempotent-replayed"] === "true",
      retryAfterMs: Number(answer.headers["retry-after"] ?? 0) * 1_000,
    };
  }

  return {
    get inFlight() {
      return inFlight;
    },
    async send(mall, wish, { key, attempt, patienceMs }) {
      const atMs = Date.now();
      const sent = {
        atMs,
        mallId: mall.mallId,
        orderId: wish.orderId,
        operation: wish.operation,
        path: wish.path,
        key,
        attempt,
        amount: wish.amount ?? null,
        testCode: wish.testCode ?? null,
      };
      inFlight++;
      try {
        const { status, body, isReplay, retryAfterMs } = await post(mall, wish, key, patienceMs);
        const { code, data = {} } = JSON.parse(body) as { code: string; data?: Record<string, unknown> };
        const saw: MallSaw = {
          ...sent,
          tookMs: Date.now() - atMs,
          status,
          code,
          isReplay,
          paymentKey: textOf(data.paymentKey),
          paymentStatus: textOf(data.status),
          cancels: cancelsOf(data.cancels),
        };
        history.sawRequest(saw);
        return { ...saw, retryable: data.retryable === true, retryAfterMs, body };
      } catch (error) {
        const saw: MallSaw = {
          ...sent,
          tookMs: Date.now() - atMs,
          status: null,
          code: nameOf(error),
          isReplay: false,
          paymentKey: null,
          paymentStatus: null,
          cancels: [],
        };
        history.sawRequest(saw);
        return { ...saw, retryable: true, retryAfterMs: 0, body: "" };
      } finally {
        inFlight--;
      }
    },
    async replay(mall, wish, key) {
      const { status, body, isReplay } = await post(mall, { ...wish, testCode: undefined }, key, 30_000);
      return { status, body, isReplay };
    },
    close: () => dispatcher.destroy(),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function cancelsOf(value: unknown): MallSaw["cancels"] {
  if (!Array.isArray(value)) return [];
  return (value as MallSaw["cancels"]).map(({ cancelKey, status, amount }) => ({
    cancelKey,
    status,
    amount,
  }));
}

/** A short word for why no answer came: a timeout of ours, a refused or lost connection. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return name === "TimeoutError" ? "TIMEOUT" : (code ?? name ?? "ERROR");
}
