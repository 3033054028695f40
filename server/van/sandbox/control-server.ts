import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Engine } from "./engine.ts";
import { readRandomFault } from "./faults.ts";
import type { LedgerLine } from "./journal-format.ts";

type Reply = Readonly<{ status: number; type: string; body: string | Buffer }>;

const json = (status: number, value: unknown): Reply => ({
  status,
  type: "application/json; charset=utf-8",
  body: JSON.stringify(value),
});

/** What the control port needs of the rest of the VAN. */
export type Controlled = Readonly<{
  code: string;
  engine: Engine;
  /** The daily file of a business date and its content type. */
  fileOf: (date: string) => { type: string; bytes: Buffer };
  /** What was paid in for a business date. */
  depositOf: (date: string) => { type: string; bytes: Buffer };
  /** Called after the random fault changed, so that `DOWN` can close and open the door. */
  faultChanged: () => Promise<void>;
}>;

/** The referee's window into the VAN and the lever of its faults. Listens on loopback only (contract §4). */
export function createControlServer(controlled: Controlled): Server {
  return createServer((request, response) => {
    void handle(controlled, request)
      .catch((error: unknown) =>
        json(500, { message: error instanceof Error ? error.message : String(error) }),
      )
      .then((reply) => send(response, reply));
  });
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

async function handle(controlled: Controlled, request: IncomingMessage): Promise<Reply> {
  const { engine, code } = controlled;
  const url = new URL(request.url ?? "/", "http://control");
  const [, folder, date] = /^\/(files|deposits)\/([^/]+)$/.exec(url.pathname) ?? [];
  switch (`${request.method} ${folder === undefined ? url.pathname : `/${folder}`}`) {
    case "GET /health":
      return json(200, {
        status: engine.randomFault?.fault === "DOWN" ? "DOWN" : "UP",
        code,
        messages: engine.book.ledger.length,
      });
    case "GET /ledger":
      return listLedger(engine, url.searchParams);
    case "GET /ledger/summary":
      return json(200, engine.book.summary());
    case "GET /faults":
      return json(200, describeFault(engine));
    case "PUT /faults": {
      const body = await readJson(request);
      const fault = readRandomFault(body);
      if (typeof fault === "string") return json(400, { message: fault });
      engine.randomFault = fault;
      await controlled.faultChanged();
      return json(200, describeFault(engine));
    }
    case "DELETE /faults":
      engine.randomFault = null;
      await controlled.faultChanged();
      return json(200, describeFault(engine));
    case "GET /settings":
      return json(200, engine.settings);
    case "PUT /settings":
      return changeSettings(engine, await readJson(request));
    case "GET /files":
    case "GET /deposits": {
      if (!date || !/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
        return json(400, { message: "The date must be YYYY-MM-DD." });
      const { type, bytes } = folder === "files" ? controlled.fileOf(date) : controlled.depositOf(date);
      return { status: 200, type, body: bytes };
    }
    default:
      return json(404, { message: "There is no such control." });
  }
}

/** The ledger from after `after`, at most `limit` lines; without these, all of it. */
function listLedger(engine: Engine, query: URLSearchParams): Reply {
  const after = Number(query.get("after") ?? 0);
  const limit = Number(query.get("limit") ?? Number.MAX_SAFE_INTEGER);
  if (!Number.isSafeInteger(after) || after < 0)
    return json(400, { message: "after must be the seq of a message." });
  if (!Number.isSafeInteger(limit) || limit < 1)
    return json(400, { message: "limit must be a positive integer." });
  const { ledger } = engine.book;
  const orderId = query.get("orderId");
  if (orderId !== null) {
    const positions = engine.book.positionsOf(orderId).filter((position) => position >= after);
    return json(
      200,
      positions.slice(0, limit).flatMap((position) => ledgerRow(ledger[position], position + 1)),
    );
  }
  return json(
    200,
    ledger
      .slice(after, Math.min(ledger.length, after + limit))
      .flatMap((line, i) => ledgerRow(line, after + i + 1)),
  );
}

function ledgerRow(line: LedgerLine | undefined, seq: number) {
  if (!line) return [];
  const { type, traceNo, mallId, orderId, amount, result, reason, at } = line;
  const originalTraceNo = line.type === "CANCEL" ? { originalTraceNo: line.originalTraceNo } : {};
  return [{ seq, type, traceNo, ...originalTraceNo, mallId, orderId, amount, result, reason, at }];
}

function describeFault(engine: Engine) {
  const fault = engine.randomFault;
  if (!fault) return { mode: null };
  const { mode, probability, until, operations } = fault;
  return { mode, probability, until: until?.toISOString() ?? null, operations };
}

function changeSettings(engine: Engine, body: unknown): Reply {
  const { unknownOriginal, latencyMs, duplicateReplyProbability, feeRateE5 } = (
    typeof body === "object" && body !== null ? body : {}
  ) as Record<string, unknown>;
  if (unknownOriginal !== undefined && unknownOriginal !== "tombstone" && unknownOriginal !== "notfound") {
    return json(400, { message: "unknownOriginal must be tombstone or notfound." });
  }
  if (latencyMs !== undefined && !(typeof latencyMs === "number" && latencyMs >= 0 && latencyMs <= 60_000)) {
    return json(400, { message: "latencyMs must be a number from 0 to 60000." });
  }
  if (
    duplicateReplyProbability !== undefined &&
    !(
      typeof duplicateReplyProbability === "number" &&
      duplicateReplyProbability >= 0 &&
      duplicateReplyProbability <= 1
    )
  ) {
    return json(400, { message: "duplicateReplyProbability must be a number from 0 to 1." });
  }
  if (
    feeRateE5 !== undefined &&
    !(typeof feeRateE5 === "number" && Number.isInteger(feeRateE5) && feeRateE5 >= 0 && feeRateE5 <= 100_000)
  ) {
    return json(400, { message: "feeRateE5 must be an integer from 0 to 100000." });
  }
  if (unknownOriginal !== undefined) engine.settings.unknownOriginal = unknownOriginal;
  if (latencyMs !== undefined) engine.settings.latencyMs = latencyMs;
  if (duplicateReplyProbability !== undefined)
    engine.settings.duplicateReplyProbability = duplicateReplyProbability;
  if (feeRateE5 !== undefined) engine.settings.feeRateE5 = feeRateE5;
  return json(200, engine.settings);
}

/** The request body as JSON, or undefined for one that cannot be read. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 65_536) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
