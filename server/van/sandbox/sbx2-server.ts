import { createServer, type Server, type Socket } from "node:net";
import iconv from "iconv-lite";
import { sbx2Answer, unlistedAnswer } from "./answer-texts.ts";
import { type ApprovalState, stateOf, type VanMessage, type Verdict } from "./book.ts";
import type { Delivery, Engine } from "./engine.ts";

/**
 * SBX2: fixed-length messages over TCP. Four digits of length, then that many bytes of EUC-KR. Any number of
 * messages may be under way on one connection; an answer repeats the trace number and comes when it is ready.
 * This is the VAN's own reading of the layout in `docs/sandbox-vans.md`, so that it can disagree with ours.
 */
export function createSbx2Server(engine: Engine): Server {
  return createServer({ noDelay: true }, (socket) => {
    let rest: Buffer = Buffer.alloc(0);
    // A peer that vanishes is its own business; what it had asked for stays in the book.
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= 4) {
        const prefix = rest.toString("latin1", 0, 4);
        if (!/^\d{4}$/.test(prefix)) {
          socket.destroy();
          return;
        }
        const end = 4 + Number(prefix);
        if (rest.length < end) return;
        const body = rest.subarray(4, end);
        rest = rest.subarray(end);
        void answer(engine, socket, body);
      }
    });
  });
}

const answerTypes: Readonly<Record<string, string>> = {
  "020000": "021000",
  "040000": "041000",
  "042000": "043000",
  "060000": "061000",
};

async function answer(engine: Engine, socket: Socket, body: Buffer): Promise<void> {
  const message = readMessage(body);
  if (!message) {
    const type = answerTypes[body.toString("latin1", 0, 6)];
    if (!type || body.length < 144) {
      socket.destroy();
      return;
    }
    const { code, text } = sbx2Answer("MALFORMED");
    write(
      socket,
      frame(
        type + body.toString("latin1", 6, 26) + nowText() + body.toString("latin1", 40, 144) + code,
        num(0, 12) + left(text, 40),
      ),
    );
    return;
  }
  const delivery = await engine.handle(message);
  if (delivery.how === "plain" && delivery.delayMs > 0)
    setTimeout(() => deliver(engine, socket, message, delivery), delivery.delayMs);
  else deliver(engine, socket, message, delivery);
}

function deliver(engine: Engine, socket: Socket, message: VanMessage, delivery: Delivery): void {
  if (delivery.how === "never") return;
  if (delivery.how === "drop") {
    socket.resetAndDestroy();
    return;
  }
  const bytes = render(message, delivery.verdict, delivery.how);
  switch (delivery.how) {
    case "garbled":
      // The frame and the header survive; from the response code on nothing makes sense.
      bytes.fill(0xff, 4 + 148);
      write(socket, bytes);
      return;
    case "half":
      socket.end(bytes.subarray(0, bytes.length / 2), () => socket.destroy());
      return;
    default:
      write(socket, bytes);
      if (Math.random() < engine.settings.duplicateReplyProbability) write(socket, bytes);
  }
}

function write(socket: Socket, bytes: Buffer): void {
  if (socket.writable) socket.write(bytes);
}

function render(message: VanMessage, verdict: Verdict, how: Delivery["how"]): Buffer {
  const { line, approval } = verdict;
  const { code, text } = how === "unknown_code" ? unlistedAnswer.SBX2 : sbx2Answer(line.reason);
  const amount = num(how === "wrong_amount" ? line.amount + 100 : line.amount, 12);
  const head = (type: string) =>
    type +
    left(message.traceNo, 20) +
    nowText() +
    left(message.mallId, 40) +
    left(message.orderId, 64) +
    code;
  const said = left(text, 40);
  switch (line.type) {
    case "APPROVE": {
      const isApproved = line.reason === "OK";
      return frame(
        head("021000"),
        amount +
          left(line.approvalNo, 8) +
          left(isApproved ? line.issuerCode : "", 2) +
          left(isApproved ? line.issuerName : "", 20) +
          said,
      );
    }
    case "CANCEL":
      return frame(
        head("041000"),
        amount + num(approval ? approval.line.amount - approval.canceled : 0, 12) + said,
      );
    case "NET_CANCEL":
      return frame(head("043000"), amount + said);
    case "INQUIRY": {
      const isApproval = approval?.line.traceNo === line.traceNo;
      const state =
        approval && verdict.state ? stateLetters[isApproval ? stateOf(approval) : verdict.state] : " ";
      return frame(
        head("061000"),
        state +
          amount +
          num(approval && isApproval ? approval.canceled : 0, 12) +
          left(approval && isApproval ? approval.line.approvalNo : "", 8) +
          said,
      );
    }
  }
}

const stateLetters: Readonly<Record<ApprovalState, string>> = {
  APPROVED: "A",
  DECLINED: "D",
  NET_CANCELED: "N",
  CANCELED: "C",
};

/** Each part is text with one character a byte: `left` has encoded it already. */
function frame(...parts: readonly string[]): Buffer {
  const text = parts.join("");
  return Buffer.from(num(text.length, 4) + text, "latin1");
}

function num(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** EUC-KR bytes of `text` as a byte string, cut between characters and filled with spaces to `width` bytes. */
function left(text: string, width: number): string {
  let bytes = "";
  for (const character of text) {
    const encoded = iconv.encode(character, "euc-kr").toString("latin1");
    if (bytes.length + encoded.length > width) break;
    bytes += encoded;
  }
  return bytes.padEnd(width, " ");
}

function nowText(): string {
  return new Date(Date.now() + 9 * 3_600_000).toISOString().replaceAll(/[-T:]/g, "").slice(0, 14);
}

function readMessage(body: Buffer): VanMessage | null {
  let at = 0;
  const text = (width: number) => {
    const from = at;
    at += width;
    return body.toString("latin1", from, at).trimEnd();
  };
  const amounts: number[] = [];
  const amount = (width = 12) => {
    const digits = text(width);
    const value = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
    amounts.push(value);
    return value;
  };
  const type = text(6);
  const traceNo = text(20);
  text(14);
  const mallId = text(40);
  const orderId = text(64);
  text(4);
  if (!traceNo || !mallId || !orderId) return null;
  const header = { traceNo, mallId, orderId };
  const message = ((): VanMessage | null => {
    switch (type) {
      case "020000": {
        const said = { amount: amount(), currency: text(3) };
        text(12 + 12 + 14);
        const card = { cardNumber: text(19), cardExpiry: text(4), installmentMonths: amount(2) };
        text(100);
        return /^\d{12,19}$/.test(card.cardNumber)
          ? { type: "APPROVE", ...header, ...said, ...card, testCode: text(160) }
          : null;
      }
      case "040000": {
        const originalTraceNo = text(20);
        text(14 + 8 + 12);
        const said = { amount: amount() };
        text(12 + 12);
        const balanceBefore = amount();
        const kind = text(1);
        return kind === "F" || kind === "P"
          ? {
              type: "CANCEL",
              ...header,
              ...said,
              originalTraceNo,
              balanceBefore,
              partial: kind === "P",
              testCode: text(160),
            }
          : null;
      }
      case "042000": {
        const said = { amount: amount() };
        text(3 + 14);
        return { type: "NET_CANCEL", ...header, ...said, testCode: text(160) };
      }
      case "060000": {
        const originalTraceNo = text(20);
        const said = { amount: amount() };
        text(14);
        return { type: "INQUIRY", ...header, ...said, originalTraceNo, testCode: "" };
      }
      default:
        return null;
    }
  })();
  return message && at === body.length && amounts.every(Number.isSafeInteger) ? message : null;
}
