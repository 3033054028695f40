import { createHash } from "node:crypto";
import { businessDateOf } from "#server/core/business-date.ts";
import { refusalReply, successReply } from "#server/core/envelope.ts";
import { type IdKind, newTraceId, realIds } from "#server/core/ids.ts";
import type { RefusalCode } from "#server/core/refusals.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { toWireCancel, toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { netCancelJob, recoverCancelJob } from "#server/payments/payment-jobs.ts";
import { factsOf } from "#server/payments/reply-from-payment.ts";
import { approvePath } from "#server/payments/settle-net-cancel.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";
import type { CopyRow } from "./copy-rows.ts";
import { errorOf, type SeedDelivery } from "./deliveries.ts";
import type { SeedCancel, Story, StoryEvent } from "./story.ts";
import { errorOfExchange, imageOf } from "./van-images.ts";

/** The finished history: every id and number given, ready to be written down. */
export type History = Readonly<{
  stories: readonly Story[];
  deliveries: readonly SeedDelivery[];
  approvalNoOf: ReadonlyMap<Story, string>;
  now: Date;
}>;

/** The net cancel inside the request is over by then. */
const firstNetCancelMaxMs = 4_000;
const keptForMs = 15 * 24 * 3_600_000;

/** Gives ids in the order of time, as they would have been given, and numbers the events and VAN exchanges. */
export function numberHistory({ stories, deliveries, approvalNoOf, now }: History): void {
  const wanted: { kind: IdKind; atMs: number; give: (id: string) => void }[] = [];
  const want = (kind: IdKind, at: Date, give: (id: string) => void) =>
    wanted.push({ kind, atMs: at.getTime(), give });
  for (const { payment, cancels, letter } of stories) {
    want("payment", payment.requestedAt, (id) => {
      payment.id = id;
    });
    for (const cancel of cancels) {
      want("cancel", cancel.requestedAt, (id) => {
        cancel.id = id;
        cancel.paymentId = payment.id;
      });
    }
    if (letter) {
      want("deadLetter", letter.parkedAt, (id) => {
        letter.id = id;
      });
    }
  }
  for (const delivery of deliveries) {
    want("webhookDelivery", delivery.createdAt, (id) => {
      delivery.id = id;
    });
    if (delivery.status === "DEAD") {
      want("deadLetter", delivery.endedAt ?? now, (id) => {
        delivery.letterId = id;
      });
    }
  }
  wanted.sort((a, b) => a.atMs - b.atMs);
  for (const { kind, atMs, give } of wanted) give(realIds.newId(kind, atMs));

  for (const story of stories)
    if (story.payment.approvedAt) story.payment.approvalNo = approvalNoOf.get(story) ?? null;
  for (const [index, event] of inOrder(
    stories.flatMap(({ events }) => events),
    ({ at }) => at,
  ).entries())
    event.sequence = index + 1;
  for (const [index, line] of inOrder(
    stories.flatMap(({ exchanges }) => exchanges),
    ({ startedAt }) => startedAt,
  ).entries())
    line.id = index + 1;
}

function inOrder<T>(items: T[], timeOf: (item: T) => Date): T[] {
  return items.sort((a, b) => timeOf(a).getTime() - timeOf(b).getTime());
}

export function* paymentRows({ stories }: History): Generator<CopyRow> {
  for (const { payment, buyer } of stories) {
    yield {
      id: payment.id,
      mall_id: payment.mallId,
      order_id: payment.orderId,
      order_name: payment.orderName,
      method: payment.method,
      currency: payment.currency,
      amount_minor: payment.amountMinor,
      tax_free_minor: payment.taxFreeMinor,
      vat_minor: payment.vatMinor,
      status: payment.status,
      version: payment.version,
      origin: payment.origin,
      van_code: payment.vanCode,
      trace_no: payment.traceNo,
      approval_no: payment.approvalNo,
      van_response_code: payment.vanResponseCode,
      van_response_message: payment.vanResponseMessage,
      failure_code: payment.failureCode,
      unknown_reason: payment.unknownReason,
      card_bin: payment.cardBin,
      card_last4: payment.cardLast4,
      card_fingerprint: buyer.fingerprint,
      issuer_code: payment.issuerCode,
      issuer_name: payment.issuerName,
      installment_months: payment.installmentMonths,
      customer_name: buyer.name,
      customer_email: buyer.email,
      customer_phone: buyer.phone,
      metadata: JSON.stringify(payment.metadata),
      canceled_minor: payment.canceledMinor,
      canceled_tax_free_minor: payment.canceledTaxFreeMinor,
      reserved_minor: payment.reservedMinor,
      reserved_tax_free_minor: payment.reservedTaxFreeMinor,
      lease_until: payment.leaseUntil,
      requested_at: payment.requestedAt,
      answered_at: payment.answeredAt,
      approved_at: payment.approvedAt,
      updated_at: payment.updatedAt,
      van_duration_ms: payment.vanDurationMs,
      total_duration_ms: payment.totalDurationMs,
      trace_id: payment.traceId,
    };
  }
}

export function* cancelRows({ stories }: History): Generator<CopyRow> {
  for (const { payment, cancels } of stories) {
    for (const cancel of cancels) {
      yield {
        id: cancel.id,
        payment_id: payment.id,
        mall_id: payment.mallId,
        status: cancel.status,
        origin: cancel.origin,
        actor_id: cancel.actorId,
        amount_minor: cancel.amountMinor,
        tax_free_minor: cancel.taxFreeMinor,
        vat_minor: cancel.vatMinor,
        balance_before_minor: cancel.balanceBeforeMinor,
        reason: cancel.reason,
        trace_no: cancel.traceNo,
        lease_until: cancel.leaseUntil,
        van_response_code: cancel.vanResponseCode,
        van_response_message: cancel.vanResponseMessage,
        failure_code: cancel.failureCode,
        requested_at: cancel.requestedAt,
        completed_at: cancel.completedAt,
        trace_id: cancel.traceId,
      };
    }
  }
}

export function* historyRows({ stories }: History): Generator<CopyRow> {
  const lines = stories.flatMap(({ payment, history }) => history.map((line) => ({ payment, line })));
  for (const { payment, line } of inOrder(lines, (entry) => entry.line.at)) {
    yield {
      payment_id: payment.id,
      version: line.version,
      kind: line.kind,
      from_status: line.from,
      to_status: line.to,
      cancel_id: line.cancel?.id ?? null,
      actor_type: line.actorType,
      actor_id: line.actorId,
      detail: JSON.stringify(line.detail),
      at: line.at,
    };
  }
}

/** The answer left soon after the second commit; that of an unknown outcome waited for the first net cancel. */
export function* timingRows({ stories }: History): Generator<CopyRow> {
  for (const { payment, commit2Ms, history } of stories) {
    if (commit2Ms === null) continue;
    const unknown = history.findIndex((line) => line.kind === "unknown");
    const [lost, tried] = unknown < 0 ? [] : history.slice(unknown, unknown + 2);
    const netCancelMs = lost && tried ? tried.at.getTime() - lost.at.getTime() : 0;
    yield {
      payment_id: payment.id,
      commit2_ms: commit2Ms,
      // A later try was a job's: the answer did not wait for that one.
      answer_ms: Math.round(commit2Ms * 2) / 10 + (netCancelMs < firstNetCancelMaxMs ? netCancelMs : 0),
    };
  }
}

export function* exchangeRows({ stories, approvalNoOf }: History): Generator<CopyRow> {
  const lines = stories.flatMap((story) => story.exchanges.map((line) => ({ story, line })));
  for (const { story, line } of lines.sort((a, b) => a.line.id - b.line.id)) {
    const image = imageOf(story, line, approvalNoOf.get(story) ?? null);
    yield {
      id: line.id,
      van_code: story.payment.vanCode,
      operation: line.operation,
      payment_id: story.payment.id,
      cancel_id: line.cancel?.id ?? null,
      trace_no: line.traceNo,
      outcome: line.outcome,
      response_code: image.responseCode,
      response_message: image.responseMessage,
      error: image.error,
      request_bytes: image.request,
      response_bytes: image.response,
      started_at: line.startedAt,
      duration_ms: line.durationMs,
    };
  }
}

export function* ledgerRows({ stories }: History): Generator<CopyRow> {
  const entries = stories.flatMap(({ payment, postings }) =>
    postings.map((entry) => ({ payment, ...entry })),
  );
  for (const { payment, cancel, postings, at } of inOrder(entries, (entry) => entry.at)) {
    for (const { account, amountMinor } of postings) {
      yield {
        event_key: cancel ? `pay:${payment.id}:cancel:${cancel.id}` : `pay:${payment.id}:approve`,
        account,
        amount_minor: amountMinor,
        currency: payment.currency,
        payment_id: payment.id,
        business_date: businessDateOf(at),
        created_at: at,
      };
    }
  }
}

/** The payment and its cancels as they stood when the mall was told, now that their ids are known. */
function asTold(
  story: Story,
  event: StoryEvent,
): { payment: Payment; wire: ReturnType<typeof toWirePayment>; data: unknown } {
  const { id, approvalNo } = story.payment;
  const payment: Payment = { ...event.payment, id, approvalNo: event.payment.approvedAt ? approvalNo : null };
  const cancels = event.cancels.map(({ of, asThen }) => ({ ...asThen, id: of.id, paymentId: id }));
  const wire = toWirePayment(payment, cancels, event.at);
  const { cancel } = event;
  if (!cancel) return { payment, wire, data: wire };
  const about = { ...wire, cancelKey: cancel.id };
  return {
    payment,
    wire,
    data: event.type === "cancel.failed" ? { ...about, cancel: toWireCancel(cancel) } : about,
  };
}

export function* eventRows({ stories }: History): Generator<CopyRow> {
  const told = stories.flatMap((story) => story.events.map((event) => ({ story, event })));
  for (const { story, event } of told.sort((a, b) => a.event.sequence - b.event.sequence)) {
    yield {
      id: event.sequence,
      sequence: event.sequence,
      type: event.type,
      mall_id: story.payment.mallId,
      subject_id: story.payment.id,
      data: JSON.stringify(asTold(story, event).data),
      occurred_at: event.at,
    };
  }
}

export function* deliveryRows({ deliveries }: History): Generator<CopyRow> {
  for (const { id, endpoint, story, event, status, tries, createdAt, endedAt } of deliveries) {
    yield {
      id,
      endpoint_id: endpoint.id,
      event_id: event.sequence,
      subject_id: story.payment.id,
      sequence: event.sequence,
      event_type: event.type,
      status,
      attempts: tries.length,
      created_at: createdAt,
      completed_at: endedAt,
    };
  }
}

export function* attemptRows({ deliveries }: History): Generator<CopyRow> {
  const tries = deliveries.flatMap(({ id, tries }) =>
    tries.map((one, index) => ({ id, one, attempt: index + 1 })),
  );
  for (const { id, one, attempt } of inOrder(tries, (entry) => entry.one.startedAt)) {
    yield {
      delivery_id: id,
      attempt,
      started_at: one.startedAt,
      duration_ms: one.durationMs,
      response_status: one.responseStatus,
      response_body: one.responseBody,
      error: one.error,
    };
  }
}

/** Jobs that wait, and jobs that were given up: those of the dead letters. */
export function* outboxRows({ stories, deliveries }: History): Generator<CopyRow> {
  for (const story of stories) {
    const { payment, job, letter } = story;
    if (job) {
      const row = outboxRow(
        netCancelJob,
        payment.id,
        { paymentId: payment.id },
        { subjectId: payment.id, traceId: payment.traceId },
      );
      yield messageRow(row, {
        createdAt: job.createdAt,
        availableAt: job.availableAt,
        attempts: 0,
        deadAt: null,
        firstError: null,
        lastError: null,
      });
    }
    if (letter) {
      const error = errorOfExchange(story, letter.because);
      yield messageRow(letterJob(story), {
        createdAt: letter.createdAt,
        availableAt: letter.parkedAt,
        attempts: letter.attempts,
        deadAt: letter.parkedAt,
        firstError: error,
        lastError: error,
      });
    }
  }
  for (const delivery of deliveries) {
    if (delivery.status === "DELIVERED") continue;
    const { first, last } = errorsOf(delivery);
    yield messageRow(deliveryJob(delivery), {
      createdAt: delivery.createdAt,
      availableAt: delivery.nextAt ?? delivery.endedAt ?? delivery.createdAt,
      attempts: delivery.tries.length,
      deadAt: delivery.status === "DEAD" ? delivery.endedAt : null,
      firstError: first,
      lastError: last,
    });
  }
}

type Message = Readonly<{
  createdAt: Date;
  availableAt: Date;
  attempts: number;
  deadAt: Date | null;
  firstError: string | null;
  lastError: string | null;
}>;

function messageRow(row: ReturnType<typeof outboxRow>, message: Message): CopyRow {
  return {
    job_name: row.jobName,
    job_key: row.jobKey,
    payload: row.payload,
    subject_id: row.subjectId,
    available_at: message.availableAt,
    attempts: message.attempts,
    dead_at: message.deadAt,
    first_error: message.firstError,
    last_error: message.lastError,
    trace_id: row.traceId,
    created_at: message.createdAt,
  };
}

function letterJob({ payment, letter }: Story): ReturnType<typeof outboxRow> {
  return letter?.cancel
    ? outboxRow(
        recoverCancelJob,
        letter.cancel.id,
        { cancelId: letter.cancel.id },
        { subjectId: payment.id, traceId: letter.cancel.traceId },
      )
    : outboxRow(
        netCancelJob,
        payment.id,
        { paymentId: payment.id },
        { subjectId: payment.id, traceId: payment.traceId },
      );
}

function deliveryJob({ id, story }: SeedDelivery): ReturnType<typeof outboxRow> {
  return outboxRow(deliverWebhookJob, id, { deliveryId: id }, { subjectId: story.payment.id });
}

function errorsOf({ tries }: SeedDelivery): { first: string; last: string } {
  const [first] = tries;
  const last = tries.at(-1);
  if (!first || !last) throw new Error("a delivery was never tried");
  return { first: errorOf(first), last: errorOf(last) };
}

export function* letterRows({ stories, deliveries }: History): Generator<CopyRow> {
  for (const story of stories) {
    const { payment, letter } = story;
    if (!letter) continue;
    const { redriven } = letter;
    const job = letterJob(story);
    const error = errorOfExchange(story, letter.because);
    yield {
      id: letter.id,
      status: redriven ? "RESOLVED" : "PARKED",
      job_name: job.jobName,
      job_key: job.jobKey,
      payload: job.payload,
      subject_id: job.subjectId,
      payment_id: payment.id,
      mall_id: payment.mallId,
      van_code: payment.vanCode,
      amount_minor: letter.cancel?.amountMinor ?? payment.amountMinor,
      reason_class: letter.reasonClass,
      first_error: error,
      last_error: error,
      attempts: letter.attempts,
      van_exchange_id: letter.exchange.id,
      deadline_at: letter.deadlineAt,
      redrive_count: redriven ? 1 : 0,
      trace_id: job.traceId,
      parked_at: letter.parkedAt,
      redriven_at: redriven?.at ?? null,
      resolved_at: redriven?.resolvedAt ?? null,
      resolution: redriven ? "redriven" : null,
    };
  }
  for (const delivery of deliveries) {
    if (delivery.status !== "DEAD" || !delivery.endedAt) continue;
    const { payment } = delivery.story;
    const job = deliveryJob(delivery);
    const { first, last } = errorsOf(delivery);
    yield {
      id: delivery.letterId,
      status: "PARKED",
      job_name: job.jobName,
      job_key: job.jobKey,
      payload: job.payload,
      subject_id: job.subjectId,
      payment_id: payment.id,
      mall_id: payment.mallId,
      van_code: null,
      amount_minor: payment.amountMinor,
      reason_class: delivery.tries.at(-1)?.responseStatus ? "WEBHOOK_STATUS" : "WEBHOOK_UNREACHABLE",
      first_error: first,
      last_error: last,
      attempts: delivery.tries.length,
      van_exchange_id: null,
      deadline_at: null,
      redrive_count: 0,
      trace_id: null,
      parked_at: delivery.endedAt,
      redriven_at: null,
      resolved_at: null,
      resolution: null,
    };
  }
}

export function* orphanRows({ stories }: History): Generator<CopyRow> {
  for (const { payment, orphan } of stories) {
    if (!orphan) continue;
    yield {
      payment_id: payment.id,
      trace_no: payment.traceNo,
      amount_minor: payment.amountMinor,
      source: "inquiry",
      state: "REVERSED",
      found_at: orphan.foundAt,
      closed_at: orphan.closedAt,
    };
  }
}

/** The keys that malls sent within the last fifteen days, with the answers they would get again (IDM-7). */
export function* keyRows({ stories, now }: History): Generator<CopyRow> {
  for (const story of stories) {
    const { payment } = story;
    if (
      now.getTime() - payment.requestedAt.getTime() < keptForMs &&
      payment.failureCode !== "VAN_UNAVAILABLE"
    ) {
      yield keyRow(story, {
        path: approvePath,
        key: story.idempotencyKey,
        cancel: null,
        at: payment.requestedAt,
        reply: replyToApproval(story),
      });
    }
    for (const cancel of story.cancels) {
      if (cancel.origin !== "API" || now.getTime() - cancel.requestedAt.getTime() >= keptForMs) continue;
      const event = story.events.find((one) => one.cancel === cancel);
      yield keyRow(story, {
        path: `${approvePath}/${payment.id}/cancel`,
        key: cancel.traceId,
        cancel,
        at: cancel.requestedAt,
        reply: event ? replyToCancel(story, event, cancel) : null,
      });
    }
  }
}

type Answer = Readonly<{ status: number; body: string }>;

function replyToApproval(story: Story): Answer | null {
  const told = story.events.find(
    ({ type }) => type === "payment.approved" || type === "payment.failed" || type === "payment.net_canceled",
  );
  if (!told) return null;
  const { payment, wire } = asTold(story, told);
  if (told.type === "payment.approved") return successReply(wire, "ko");
  const code =
    told.type === "payment.net_canceled" ? "PAYMENT_NET_CANCELED" : (payment.failureCode as RefusalCode);
  return refusalReply(code, factsOf(payment), "ko", payment.traceId);
}

function replyToCancel(story: Story, event: StoryEvent, cancel: SeedCancel): Answer {
  const { payment, wire } = asTold(story, event);
  if (cancel.status === "SUCCEEDED") return successReply(wire, "ko");
  const van = {
    code: payment.vanCode,
    responseCode: cancel.vanResponseCode ?? undefined,
    message: cancel.vanResponseMessage ?? undefined,
  };
  return refusalReply(
    cancel.failureCode as RefusalCode,
    { ...factsOf(payment), cancelKey: cancel.id, van },
    "ko",
    cancel.traceId,
  );
}

function keyRow(
  { payment }: Story,
  use: { path: string; key: string; cancel: SeedCancel | null; at: Date; reply: Answer | null },
): CopyRow {
  return {
    mall_id: payment.mallId,
    method: "POST",
    path: use.path,
    key: use.key,
    request_hash: createHash("sha256").update(use.key).digest(),
    payment_id: payment.id,
    cancel_id: use.cancel?.id ?? null,
    http_status: use.reply?.status ?? null,
    response_body: use.reply?.body ?? null,
    created_at: use.at,
    expires_at: new Date(use.at.getTime() + keptForMs),
  };
}

export type AuditRow = Readonly<{
  at: string;
  actorId: string;
  action: string;
  targetType: string;
  targetId: string;
  ipAddress: string;
  detail: Readonly<Record<string, unknown>>;
}>;

/** What operators did, in order: cancels and re-drives. */
export function auditRows({ stories }: History): AuditRow[] {
  const ipAddress = "127.0.0.1";
  const rows = stories.flatMap(({ payment, cancels, letter }) => {
    const done = cancels
      .filter(({ origin }) => origin === "CONSOLE")
      .map(
        (cancel): AuditRow => ({
          at: cancel.requestedAt.toISOString(),
          actorId: cancel.actorId,
          action: "payment.cancel",
          targetType: "payment",
          targetId: payment.id,
          ipAddress,
          detail: {
            cancelId: cancel.id,
            reason: cancel.reason,
            amount: Number(cancel.amountMinor),
            balanceBefore: Number(cancel.balanceBeforeMinor),
            balanceAfter: Number(cancel.balanceBeforeMinor - cancel.amountMinor),
            orderId: payment.orderId,
            mallId: payment.mallId,
          },
        }),
      );
    if (!letter?.redriven) return done;
    const { at, operatorId, reason } = letter.redriven;
    return [
      ...done,
      {
        at: at.toISOString(),
        actorId: operatorId,
        action: "dead_letter.redriven",
        targetType: "dead_letter",
        targetId: letter.id,
        ipAddress,
        detail: {
          reason,
          job: letter.jobName,
          subjectId: payment.id,
          paymentId: payment.id,
          traceId: newTraceId(),
          before: { status: "PARKED", redriveCount: 0 },
          after: { status: "REDRIVEN", redriveCount: 1 },
        },
      },
    ];
  });
  return rows.sort((a, b) => (a.at < b.at ? -1 : 1));
}
