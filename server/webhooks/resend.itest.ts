import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { deleteEndpoint } from "#server/webhooks/delete-endpoint.ts";
import { deliverWebhook } from "#server/webhooks/deliver-webhook.ts";
import { countDeliveries, searchDeliveries } from "#server/webhooks/delivery-log-queries.ts";
import { editEndpoint } from "#server/webhooks/edit-endpoint.ts";
import { endPreviousSecret } from "#server/webhooks/end-previous-secret.ts";
import { readEndpointLine } from "#server/webhooks/endpoint-queries.ts";
import { previewResend } from "#server/webhooks/preview-resend.ts";
import { readDelivery } from "#server/webhooks/read-delivery.ts";
import type { ByOperator } from "#server/webhooks/record-endpoint-change.ts";
import { registerEndpoint } from "#server/webhooks/register-endpoint.ts";
import { resendDelivery } from "#server/webhooks/resend-delivery.ts";
import { readResend } from "#server/webhooks/resend-queries.ts";
import { rotateEndpointSecret } from "#server/webhooks/rotate-endpoint-secret.ts";
import { runResend } from "#server/webhooks/run-resend.ts";
import { sequenceEvents } from "#server/webhooks/sequence-events.ts";
import { startResend } from "#server/webhooks/start-resend.ts";
import { stopResend } from "#server/webhooks/stop-resend.ts";
import { pauseEndpoint, resumeEndpoint } from "#server/webhooks/switch-endpoint.ts";
import { testEndpoint } from "#server/webhooks/test-endpoint.ts";
import { type DeliveryFilterInput, deliveryFilterSchema } from "#server/webhooks/webhook-console.schemas.ts";
import { deliverWebhookJob, resendWebhooksJob } from "#server/webhooks/webhook-jobs.ts";

type Heard = Readonly<{ path: string; headers: IncomingHttpHeaders; body: string }>;
type Answer = (heard: Heard, response: ServerResponse) => void;

let world: TestWorld;
let server: Server;
let baseUrl: string;
let heard: Heard[] = [];
const answers = new Map<string, Answer>();
let nextPath = 0;

const workshop: Workshop = {
  registry: new Map([
    [deliverWebhookJob.name, work(deliverWebhookJob, deliverWebhook)],
    [resendWebhooksJob.name, work(resendWebhooksJob, runResend)],
  ]),
  afterlife: { park: parkDeadLetter, resolve: resolveDeadLetter },
};

const by = {
  actor: { type: "operator", id: "op_TEST", ipAddress: "10.0.0.7" },
  reason: "가맹점 요청",
  traceId: "t".repeat(32),
} as const satisfies ByOperator;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    heard.push(received);
    const answer = answers.get(received.path);
    if (answer) answer(received, response);
    else response.writeHead(200).end("ok");
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  baseUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});
beforeEach(() => {
  heard = [];
  answers.clear();
});
afterEach(async () => {
  await world.rows("UPDATE webhook_endpoint SET status = 'DELETED'");
  await world.rows("UPDATE outbox_message SET done_at = now() WHERE done_at IS NULL AND dead_at IS NULL");
});

async function anEndpoint(answer?: Answer) {
  const path = `/hook-${++nextPath}`;
  if (answer) answers.set(path, answer);
  return {
    ...(await registerEndpoint(world.ctx, { mallId: world.mallId, url: baseUrl + path, types: [] })),
    path,
  };
}

async function announce(subjectId: string, type = "payment.approved"): Promise<void> {
  await world.rows("INSERT INTO event (type, mall_id, subject_id, data) VALUES ($1, $2, $3, $4)", [
    type,
    world.mallId,
    subjectId,
    JSON.stringify({ paymentKey: subjectId, memo: "4111111111111111", mail: "minsu@example.com" }),
  ]);
  await sequenceEvents(world.ctx);
}

/** Performs what is due, as the relay and the workers would, until nothing is. */
async function workOff(): Promise<void> {
  for (;;) {
    const due = await world.rows<{ id: bigint }>(
      "SELECT id FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL AND available_at <= now() ORDER BY id",
    );
    if (due.length === 0) return;
    await Promise.all(due.map(({ id }) => runMessage(world.ctx, workshop, id)));
  }
}

const letTimePass = () =>
  world.rows(
    "UPDATE outbox_message SET available_at = now() - interval '1 second' WHERE done_at IS NULL AND dead_at IS NULL",
  );

/** Works off and lets time pass until nothing waits any more. */
async function workToTheEnd(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    await workOff();
    const open = await world.rows("SELECT 1 FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL");
    if (open.length === 0) return;
    await letTimePass();
  }
  throw new Error("work is never done");
}

const filterOf = (filter: DeliveryFilterInput = {}) => deliveryFilterSchema.parse(filter);
const linesOf = async (endpointId: string) =>
  (await searchDeliveries(world.ctx.db, { filter: filterOf({ endpoint: [endpointId] }), limit: 100 }))
    .deliveries;
const audits = (targetId: string) =>
  world.rows<{ action: string; actor: string; detail: Record<string, unknown> }>(
    "SELECT action, actor_id AS actor, detail FROM audit_log WHERE target_id = $1 ORDER BY seq",
    [targetId],
  );
const ok: Answer = (_heard, response) => void response.writeHead(200).end("ok");
const no: Answer = (_heard, response) => void response.writeHead(503).end("down");

async function aDelivered(subjectId: string) {
  const endpoint = await anEndpoint();
  await announce(subjectId);
  await workOff();
  const [line] = await linesOf(endpoint.endpointId);
  if (!line) throw new Error("nothing was delivered");
  return { endpoint, line };
}

describe("sending one again", () => {
  test("sends a delivered event once per click, under its webhook-id, and keeps the tries it had", async () => {
    const { line } = await aDelivered("pay_ONE");
    const requestId = randomUUID();
    const clicks = await Promise.all(
      [0, 1, 2].map(() => resendDelivery(world.ctx, { id: line.id, requestId, by })),
    );
    expect(clicks.map(({ result }) => result).sort()).toEqual(["ALREADY", "ALREADY", "RESENT"]);
    await workToTheEnd();
    expect(heard.map(({ headers }) => headers["webhook-id"])).toEqual([
      `evt_${line.eventId}`,
      `evt_${line.eventId}`,
    ]);
    expect(heard[1]?.body).toBe(heard[0]?.body);

    // The click arrives once more, long after.
    expect(await resendDelivery(world.ctx, { id: line.id, requestId, by })).toEqual({ result: "ALREADY" });
    await workToTheEnd();
    expect(heard).toHaveLength(2);

    // Another click is another wish.
    await resendDelivery(world.ctx, { id: line.id, requestId: randomUUID(), by });
    await workToTheEnd();
    expect(heard).toHaveLength(3);
    const after = await readDelivery(world.ctx, line.id);
    expect(after).toMatchObject({ state: "delivered", attempts: 3, nextTryAt: null });
    expect(after.tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect((await audits(line.id)).map(({ action, actor }) => [action, actor])).toEqual([
      ["webhook_delivery.resent", "op_TEST"],
      ["webhook_delivery.resent", "op_TEST"],
    ]);
  });

  test("tries one that waits for its next try now, and never has two on the way", async () => {
    const endpoint = await anEndpoint(no);
    await announce("pay_WAITS");
    await workOff();
    const [line] = await linesOf(endpoint.endpointId);
    expect(line).toMatchObject({ state: "retrying", attempts: 1, lastStatus: 503 });
    expect((line?.nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_000);
    answers.set(endpoint.path, ok);
    for (const requestId of [randomUUID(), randomUUID()])
      expect(await resendDelivery(world.ctx, { id: line?.id ?? "", requestId, by })).toEqual({
        result: "HASTENED",
      });
    await workOff();
    expect(heard).toHaveLength(2);
    expect(await readDelivery(world.ctx, line?.id ?? "")).toMatchObject({ state: "delivered", attempts: 2 });
  });

  test("opens a dead one with all its tries, and closes its dead letter", async () => {
    const endpoint = await anEndpoint(no);
    await announce("pay_DEAD");
    await workToTheEnd();
    const [dead] = await linesOf(endpoint.endpointId);
    expect(dead).toMatchObject({ state: "dead", attempts: 10 });
    await resendDelivery(world.ctx, { id: dead?.id ?? "", requestId: randomUUID(), by });
    expect(await linesOf(endpoint.endpointId)).toMatchObject([{ state: "waiting" }]);
    const letters = () =>
      world.rows<{ status: string }>(
        "SELECT status FROM dead_letter WHERE subject_id = 'pay_DEAD' ORDER BY parked_at",
      );
    expect(await letters()).toEqual([{ status: "RESOLVED" }]);
    await workToTheEnd();
    expect(await linesOf(endpoint.endpointId)).toMatchObject([{ state: "dead", attempts: 20 }]);
    expect(await letters()).toEqual([{ status: "RESOLVED" }, { status: "PARKED" }]);
  });

  test("is refused where the endpoint takes nothing, and for what is not there", async () => {
    const { endpoint, line } = await aDelivered("pay_PAUSED");
    await pauseEndpoint(world.ctx, { mallId: world.mallId, endpointId: endpoint.endpointId, by });
    const again = () => resendDelivery(world.ctx, { id: line.id, requestId: randomUUID(), by });
    await expect(again()).rejects.toMatchObject({ code: "WEBHOOK_ENDPOINT_NOT_ACTIVE" });
    await resumeEndpoint(world.ctx, { mallId: world.mallId, endpointId: endpoint.endpointId, by });
    expect(await again()).toEqual({ result: "RESENT" });
    await expect(
      resendDelivery(world.ctx, { id: "whd_NONE", requestId: randomUUID(), by }),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("sending many again", () => {
  const start = async (filter: DeliveryFilterInput) => {
    const selection = { kind: "filter" as const, filter: filterOf(filter) };
    const preview = await previewResend(world.ctx, selection);
    return { selection, preview };
  };

  test("sends exactly what the preview counted, in the order of each payment, a few a second", async () => {
    const endpoint = await anEndpoint();
    const subjects = Array.from({ length: 8 }, (_, n) => `pay_MANY${n}`);
    for (const subject of subjects) {
      await announce(subject, "payment.approved");
      await announce(subject, "payment.canceled");
    }
    await workToTheEnd();
    heard = [];
    // The cancels of these payments are told again after their approvals, although all go at once.
    const { selection, preview } = await start({ endpoint: [endpoint.endpointId] });
    expect(preview).toMatchObject({
      count: 16,
      payments: 8,
      isTooMany: false,
      totals: { RESEND: 16, HASTEN: 0, BLOCKED: 0 },
    });
    const { id, total } = await startResend(world.ctx, {
      selection,
      preview,
      reason: "수신 서버 복구",
      requestKey: randomUUID(),
      by,
    });
    expect(total).toBe(16);

    // One turn sends ten; the next is due a second later.
    const [job] = await world.rows<{ id: bigint }>("SELECT id FROM outbox_message WHERE subject_id = $1", [
      id,
    ]);
    await runMessage(world.ctx, workshop, job?.id ?? 0n);
    expect(await readResend(world.ctx.db, id)).toMatchObject({
      status: "RUNNING",
      place: 10,
      resent: 10,
      waiting: 10,
    });
    // The worker dies in the middle of the next turn: nothing of it is kept, and another one goes on.
    const dying = {
      ...world.ctx,
      sql: { ...world.ctx.sql, transaction: () => Promise.reject(new Error("killed")) },
    };
    await letTimePass();
    await expect(runResend(dying, { resendId: id })).resolves.toMatchObject({
      kind: "again",
      countsAsAttempt: false,
    });
    expect(await readResend(world.ctx.db, id)).toMatchObject({ place: 10 });
    await workToTheEnd();
    expect(await readResend(world.ctx.db, id)).toMatchObject({
      status: "DONE",
      place: 16,
      resent: 16,
      delivered: 16,
      startedByName: "op_TEST",
    });
    expect(heard).toHaveLength(preview.count);
    for (const subject of subjects) {
      const told = heard.flatMap(({ body }) => {
        const event = JSON.parse(body) as { type: string; data: { paymentKey: string } };
        return event.data.paymentKey === subject ? [event.type] : [];
      });
      expect(told).toEqual(["payment.approved", "payment.canceled"]);
    }
    expect(await audits(id)).toMatchObject([
      { action: "webhook_resend.started", actor: "op_TEST", detail: { reason: "수신 서버 복구", total: 16 } },
    ]);
  });

  test("takes nothing that came after the preview, and refuses more than it showed", async () => {
    const { endpoint } = await aDelivered("pay_EARLY");
    const { selection, preview } = await start({ endpoint: [endpoint.endpointId] });
    await announce("pay_LATE");
    await workToTheEnd();
    await expect(
      startResend(world.ctx, {
        selection,
        preview: { at: new Date(Date.now() + 1_000), count: 1 },
        reason: "x",
        requestKey: randomUUID(),
        by,
      }),
    ).rejects.toMatchObject({ code: "STALE_SELECTION" });
    expect(
      (await startResend(world.ctx, { selection, preview, reason: "x", requestKey: randomUUID(), by })).total,
    ).toBe(1);
  });

  test("begins one run by the same request, however often it arrives, and none by another person's", async () => {
    const { endpoint } = await aDelivered("pay_ONCE");
    heard = [];
    const { selection, preview } = await start({ endpoint: [endpoint.endpointId] });
    const command = { selection, preview, reason: "x", requestKey: randomUUID(), by };
    const clicks = await Promise.all([0, 1, 2].map(() => startResend(world.ctx, command)));
    expect(new Set(clicks.map(({ id }) => id)).size).toBe(1);
    await workToTheEnd();
    // It arrives once more, long after: what it sent then matches no more than it did.
    expect(await startResend(world.ctx, command)).toEqual(clicks[0]);
    await workToTheEnd();
    expect(heard).toHaveLength(1);
    expect(await audits(clicks[0]?.id ?? "")).toHaveLength(1);
    const other = { ...by, actor: { ...by.actor, id: "op_OTHER" } };
    await expect(startResend(world.ctx, { ...command, by: other })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      facts: { field: "requestKey" },
    });
  });

  test("stops where an operator says so, and leaves paused endpoints alone", async () => {
    const { endpoint } = await aDelivered("pay_STOP0");
    for (let n = 1; n < 12; n++) await announce(`pay_STOP${n}`);
    await workToTheEnd();
    heard = [];
    const { selection, preview } = await start({ endpoint: [endpoint.endpointId] });
    const { id } = await startResend(world.ctx, {
      selection,
      preview,
      reason: "x",
      requestKey: randomUUID(),
      by,
    });
    await pauseEndpoint(world.ctx, { mallId: world.mallId, endpointId: endpoint.endpointId, by });
    await runResend(world.ctx, { resendId: id });
    expect(await stopResend(world.ctx, { id, by })).toEqual({ changed: true });
    expect(await stopResend(world.ctx, { id, by })).toEqual({ changed: false });
    expect(await runResend(world.ctx, { resendId: id })).toEqual({ kind: "done" });
    expect(await readResend(world.ctx.db, id)).toMatchObject({
      status: "STOPPED",
      place: 10,
      resent: 0,
      skipped: 10,
    });
    await workToTheEnd();
    expect(heard).toEqual([]);
    expect((await previewResend(world.ctx, selection)).totals).toEqual({ RESEND: 0, HASTEN: 0, BLOCKED: 12 });
  });
});

describe("the log", () => {
  test("is read page by page, without a gap or a repeat, and by every filter", async () => {
    const one = await anEndpoint();
    const other = await anEndpoint(no);
    // Four, as many as one worker sends to an endpoint at once.
    for (let n = 0; n < 4; n++)
      await announce(`pay_LOG${n}X`, n === 0 ? "payment.failed" : "payment.approved");
    await workOff();
    const filter = filterOf({ mall: [world.mallId], endpoint: [one.endpointId, other.endpointId] });
    const seen: string[] = [];
    let cursor: { createdAt: Date; id: string } | undefined;
    do {
      const page = await searchDeliveries(world.ctx.db, { filter, limit: 3, ...(cursor && { cursor }) });
      seen.push(...page.deliveries.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
    const count = (more: DeliveryFilterInput) =>
      countDeliveries(world.ctx.db, filterOf({ mall: filter.mall, endpoint: filter.endpoint, ...more }));
    expect(await count({})).toBe(8);
    expect(await count({ state: ["delivered"] })).toBe(4);
    expect(await count({ state: ["retrying"] })).toBe(4);
    expect(await count({ state: ["waiting", "dead"] })).toBe(0);
    expect(await count({ type: ["payment.failed"] })).toBe(2);
    expect(await count({ q: "LOG3" })).toBe(2);
    expect(await count({ q: "log3x" })).toBe(2);
    expect(await count({ q: "L_G" })).toBe(0);
    expect(await count({ to: new Date(0) })).toBe(0);
    expect(await countDeliveries(world.ctx.db, filterOf({ mall: ["mall_NONE"] }))).toBe(0);
    const [line] = (await searchDeliveries(world.ctx.db, { filter, limit: 1 })).deliveries;
    expect(await countDeliveries(world.ctx.db, filterOf({ q: `evt_${line?.eventId}` }))).toBe(2);
    expect(await countDeliveries(world.ctx.db, filterOf({ q: line?.id ?? "" }))).toBe(1);
  });

  test("shows bodies masked", async () => {
    const { line } = await aDelivered("pay_MASK");
    const detail = await readDelivery(world.ctx, line.id);
    expect(detail.body?.text).toContain("411111******1111");
    expect(detail.body?.text).toContain("m****@example.com");
    expect(heard[0]?.body).toContain("4111111111111111");
    expect(detail.tries[0]?.headers.find(({ name }) => name === "webhook-signature")?.value).toBeNull();
  });
});

describe("an endpoint in the hands of an operator", () => {
  const target = (endpointId: string) => ({ mallId: world.mallId, endpointId, by });

  test("signs by both secrets while one is rotated, and by the new one alone when the old one is ended", async () => {
    const endpoint = await anEndpoint();
    const rotated = await rotateEndpointSecret(world.ctx, target(endpoint.endpointId));
    await announce("pay_ROT1");
    await workOff();
    const verify = (secret: string, { body, headers }: Heard) =>
      new Webhook(secret).verify(body, headers as Record<string, string>);
    const [both] = heard;
    if (!both) throw new Error("nothing was heard");
    verify(endpoint.secret, both);
    verify(rotated.secret, both);
    expect(await readEndpointLine(world.ctx.db, endpoint.endpointId, new Date())).toMatchObject({
      previousSecretExpiresAt: expect.any(Date),
    });

    expect(await endPreviousSecret(world.ctx, target(endpoint.endpointId))).toEqual({ changed: true });
    expect(await endPreviousSecret(world.ctx, target(endpoint.endpointId))).toEqual({ changed: false });
    await announce("pay_ROT2");
    await workOff();
    const [, alone] = heard;
    if (!alone) throw new Error("nothing was heard");
    verify(rotated.secret, alone);
    expect(() => verify(endpoint.secret, alone)).toThrow();
    const log = await audits(endpoint.endpointId);
    expect(log.map(({ action }) => action)).toEqual([
      "webhook_endpoint.registered",
      "webhook_endpoint.secret_rotated",
      "webhook_endpoint.previous_secret_ended",
    ]);
    expect(log[1]).toMatchObject({
      actor: "op_TEST",
      detail: { reason: "가맹점 요청", mallId: world.mallId },
    });
    expect(JSON.stringify(log)).not.toContain(rotated.secret.slice(6, 20));
  });

  test("stays paused by a person although a test is delivered, and hears of nothing meanwhile", async () => {
    const endpoint = await anEndpoint();
    expect(await pauseEndpoint(world.ctx, target(endpoint.endpointId))).toEqual({ changed: true });
    expect(
      await testEndpoint(world.ctx, { mallId: world.mallId, endpointId: endpoint.endpointId }),
    ).toMatchObject({
      delivered: true,
    });
    expect(await testEndpoint(world.ctx, target(endpoint.endpointId))).toMatchObject({ delivered: true });
    await announce("pay_MEANWHILE");
    await workOff();
    expect(heard.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      "paydeck.test",
      "paydeck.test",
    ]);
    expect(await readEndpointLine(world.ctx.db, endpoint.endpointId, new Date())).toMatchObject({
      status: "PAUSED",
      pausedReason: "가맹점 요청",
      pausedByName: "op_TEST",
    });
    expect(await resumeEndpoint(world.ctx, target(endpoint.endpointId))).toEqual({ changed: true });
    await announce("pay_AFTER");
    await workOff();
    expect(heard).toHaveLength(3);
    expect((await audits(endpoint.endpointId)).map(({ action }) => action)).toEqual([
      "webhook_endpoint.registered",
      "webhook_endpoint.paused",
      "webhook_endpoint.tested",
      "webhook_endpoint.resumed",
    ]);
  });

  test("goes to another address under the rules of a registration, with what is still owed to it", async () => {
    const endpoint = await anEndpoint(no);
    const second = await anEndpoint();
    await announce("pay_MOVES");
    await workOff();
    heard = [];
    const edit = (url: string) =>
      editEndpoint(world.ctx, { ...target(endpoint.endpointId), url, types: ["payment.approved"] });
    for (const url of ["http://10.0.0.1/x", "https://192.168.0.1/", "file:///etc/passwd", second.url])
      await expect(edit(url)).rejects.toMatchObject({ code: "INVALID_WEBHOOK_URL" });
    expect(await edit(`${baseUrl}/moved`)).toMatchObject({
      url: `${baseUrl}/moved`,
      types: ["payment.approved"],
    });
    await letTimePass();
    await workOff();
    expect(heard.map(({ path }) => path)).toEqual(["/moved"]);
    await expect(edit("https://10.0.0.1/")).rejects.toMatchObject({ code: "INVALID_WEBHOOK_URL" });
    await deleteEndpoint(world.ctx, target(endpoint.endpointId));
    await expect(edit(`${baseUrl}/again`)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("has a health that is read from its newest tries", async () => {
    let answer = ok;
    const endpoint = await anEndpoint((...given) => answer(...given));
    const health = () => readEndpointLine(world.ctx.db, endpoint.endpointId, new Date());
    expect(await health()).toMatchObject({
      tries: 0,
      successRate: null,
      consecutiveFailures: 0,
      lastFailureAt: null,
      open: 0,
    });
    for (let n = 0; n < 3; n++) await announce(`pay_HEALTH${n}`);
    await workOff();
    answer = no;
    await announce("pay_HEALTH_BAD");
    await workOff();
    expect(await health()).toMatchObject({
      tries: 4,
      successRate: 0.75,
      consecutiveFailures: 1,
      lastFailure: "status 503",
      lastFailureAt: expect.any(Date),
      lastSuccessAt: expect.any(Date),
      open: 1,
    });
  });
});
