import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { sbx1Answer, unlistedAnswer } from "./answer-texts.ts";
import { stateOf, type VanMessage, type Verdict } from "./book.ts";
import type { Delivery, Engine } from "./engine.ts";

const bodyMaxBytes = 16_384;

/** SBX1: JSON over HTTP/1.1 with keep-alive, one path per kind of message. */
export function createSbx1Server(engine: Engine): Server {
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    void answer(engine, request, response);
  });
  server.requestTimeout = 30_000;
  return server;
}

async function answer(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text: string;
  try {
    text = await readBody(request);
  } catch {
    response.destroy();
    return;
  }
  const message = readMessage(request.url ?? "", text);
  if (!message) {
    const { code, text: sentence } = sbx1Answer("MALFORMED");
    send(response, 400, JSON.stringify({ resultCode: code, resultMessage: sentence }));
    return;
  }
  const delivery = await engine.handle(message);
  if (delivery.how === "plain" && delivery.delayMs > 0)
    setTimeout(() => deliver(response, message, delivery), delivery.delayMs);
  else deliver(response, message, delivery);
}

function deliver(response: ServerResponse, message: VanMessage, delivery: Delivery): void {
  if (response.destroyed || delivery.how === "never") return;
  if (delivery.how === "drop") {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = render(message, delivery.verdict, delivery.how);
  switch (delivery.how) {
    case "garbled":
      send(response, 200, body.replaceAll(/["{}:]/g, "#"));
      return;
    case "half":
      response.writeHead(200, {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(body),
      });
      response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
      return;
    default:
      send(response, 200, body);
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function render(message: VanMessage, verdict: Verdict, how: Delivery["how"]): string {
  const { line, approval } = verdict;
  const { code, text } = how === "unknown_code" ? unlistedAnswer.SBX1 : sbx1Answer(line.reason);
  const said = how === "wrong_amount" ? line.amount + 100 : line.amount;
  const common = {
    resultCode: code,
    resultMessage: text,
    traceNo: message.traceNo,
    mallId: message.mallId,
    orderId: message.orderId,
    amount: said,
  };
  switch (line.type) {
    case "APPROVE":
      return JSON.stringify(
        line.reason === "OK"
          ? {
              ...common,
              approvalNo: line.approvalNo,
              issuerCode: line.issuerCode,
              issuerName: line.issuerName,
              processedAt: line.at,
            }
          : { ...common, processedAt: line.at },
      );
    case "CANCEL":
      return JSON.stringify({
        ...common,
        balance: approval ? approval.line.amount - approval.canceled : 0,
        processedAt: line.at,
      });
    case "NET_CANCEL":
      return JSON.stringify({ ...common, processedAt: line.at });
    case "INQUIRY":
      if (!approval || !verdict.state) return JSON.stringify(common);
      return JSON.stringify(
        line.traceNo === approval.line.traceNo
          ? {
              ...common,
              status: stateOf(approval),
              canceledAmount: approval.canceled,
              approvalNo: approval.line.approvalNo,
            }
          : { ...common, status: verdict.state },
      );
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyMaxBytes) throw new RangeError("the message is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

type Json = Readonly<Record<string, unknown>>;

function readMessage(path: string, text: string): VanMessage | null {
  let body: Json;
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null) return null;
    body = read as Json;
  } catch {
    return null;
  }
  const { traceNo, mallId, orderId, amount } = body;
  if (!isText(traceNo) || !isText(mallId) || !isText(orderId) || !isAmount(amount)) return null;
  const common = {
    traceNo,
    mallId,
    orderId,
    amount,
    testCode: isText(body.testCode) ? body.testCode : "",
  };
  switch (path) {
    case "/v1/approve": {
      const { currency, cardNumber, cardExpiry, installmentMonths } = body;
      if (
        !isText(currency) ||
        !isText(cardNumber) ||
        !/^\d{12,19}$/.test(cardNumber) ||
        !isText(cardExpiry) ||
        !isAmount(installmentMonths)
      )
        return null;
      return { type: "APPROVE", ...common, currency, cardNumber, cardExpiry, installmentMonths };
    }
    case "/v1/cancel": {
      const { originalTraceNo, balanceBefore, cancelType } = body;
      if (
        !isText(originalTraceNo) ||
        !isAmount(balanceBefore) ||
        (cancelType !== "FULL" && cancelType !== "PARTIAL")
      )
        return null;
      return { type: "CANCEL", ...common, originalTraceNo, balanceBefore, partial: cancelType === "PARTIAL" };
    }
    case "/v1/net-cancel":
      return { type: "NET_CANCEL", ...common };
    case "/v1/inquiry": {
      const { originalTraceNo } = body;
      return isText(originalTraceNo) ? { type: "INQUIRY", ...common, originalTraceNo } : null;
    }
    default:
      return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
