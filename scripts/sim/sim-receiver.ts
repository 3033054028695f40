import { Webhook } from "standardwebhooks";
import type { Scheduler } from "#scripts/sim/scheduler.ts";
import type { SimProcess } from "#scripts/sim/sim-process.ts";
import { answerTimeoutMs, type PostResult, type PostWebhook } from "#server/webhooks/post-webhook.ts";

/** What a receiver does with one POST. `lost`: it never arrives; `deaf`: it is taken in and never answered. */
export type ReceiverFault = "none" | "error" | "lost" | "deaf";

export type Heard = Readonly<{
  id: string;
  type: string;
  sequence: number;
  subjectId: string;
  body: string;
  atMs: number;
  isAccepted: boolean;
}>;

/** Where a mall listens. */
export function receiverUrlOf(mallId: string): string {
  return `http://127.0.0.1/${mallId}`;
}

/** A mall's ear: verifies each signature with the public library, and keeps what it heard in the order it heard it. */
export class SimReceiver {
  readonly heard: Heard[] = [];
  readonly badSignatures: string[] = [];
  chooseFault: (event: { orderId: string; type: string }) => ReceiverFault = () => "none";
  readonly #scheduler: Scheduler;
  readonly #latencyMs: () => number;
  readonly #secrets = new Map<string, string>();

  constructor(scheduler: Scheduler, latencyMs: () => number) {
    this.#scheduler = scheduler;
    this.#latencyMs = latencyMs;
  }

  /** Tells it the secret that signs what comes to an address. */
  trust(url: string, secret: string): void {
    this.#secrets.set(url, secret);
  }

  listens(mallId: string): boolean {
    return this.#secrets.has(receiverUrlOf(mallId));
  }

  senderOf(process: SimProcess): PostWebhook {
    return (url, headers, body) => {
      const event = JSON.parse(body) as {
        type: string;
        data: { paymentKey: string; orderId: string; sequence: number };
      };
      const subjectId = event.data.paymentKey;
      const about = `POST ${headers["webhook-id"]} ${event.type} of ${subjectId}`;
      return process.exchange<PostResult>("webhook", about, (answer) => {
        const sentAtMs = this.#scheduler.nowMs;
        const fault = this.chooseFault({ orderId: event.data.orderId, type: event.type });
        answer(
          sentAtMs + answerTimeoutMs,
          { kind: "unreachable", error: "timeout: no answer within 10 seconds", durationMs: answerTimeoutMs },
          "timeout",
        );
        if (fault === "lost") return;
        this.#scheduler.at(sentAtMs + this.#latencyMs(), "", () => {
          const isAccepted = fault === "none";
          this.#hear(url, headers, body, { ...event, subjectId, isAccepted });
          this.#scheduler.note(`· ${about}: heard${isAccepted ? "" : ` (${fault})`}`);
          if (fault === "deaf") return;
          const atMs = this.#scheduler.nowMs + this.#latencyMs();
          const status = fault === "error" ? 500 : 200;
          answer(
            atMs,
            { kind: "answered", status, body: "", retryAfter: undefined, durationMs: atMs - sentAtMs },
            String(status),
          );
        });
      });
    };
  }

  #hear(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    event: { type: string; subjectId: string; data: { sequence: number }; isAccepted: boolean },
  ): void {
    const id = headers["webhook-id"] ?? "";
    // The library compares the message's age with the machine's clock; its signature is what counts here.
    const signed = new Webhook(this.#secrets.get(url) ?? "").sign(
      id,
      new Date(Number(headers["webhook-timestamp"]) * 1000),
      body,
    );
    if (!(headers["webhook-signature"] ?? "").split(" ").includes(signed)) this.badSignatures.push(id);
    this.heard.push({
      id,
      type: event.type,
      sequence: event.data.sequence,
      subjectId: event.subjectId,
      body,
      atMs: this.#scheduler.nowMs,
      isAccepted: event.isAccepted,
    });
  }
}
