import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import type { Context } from "#server/platform/context.ts";
import { openPool } from "#server/platform/db.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { deleteEndpoint } from "#server/webhooks/delete-endpoint.ts";
import { deliverWebhook } from "#server/webhooks/deliver-webhook.ts";
import type { EventType } from "#server/webhooks/domain/event-types.ts";
import { readDeliveries } from "#server/webhooks/read-deliveries.ts";
import { readEndpoints } from "#server/webhooks/read-endpoints.ts";
import { readEvents } from "#server/webhooks/read-events.ts";
import { registerEndpoint } from "#server/webhooks/register-endpoint.ts";
import { rotateEndpointSecret } from "#server/webhooks/rotate-endpoint-secret.ts";
import { sequenceEvents } from "#server/webhooks/sequence-events.ts";
import { testEndpoint } from "#server/webhooks/test-endpoint.ts";
import { deliverWebhookJob } from "#server/webhooks/webhook-jobs.ts";

type Heard = Readonly<{ path: string; headers: IncomingHttpHeaders; body: string }>;
type Answer = (heard: Heard, response: ServerResponse) => void;

let world: TestWorld;
let server: Server;
let baseUrl: string;
let heard: Heard[] = [];
const answers = new Map<string, Answer>();
let nextPath = 0;

const workshop: Workshop = {
  registry: new Map([[deliverWebhookJob.name, work(deliverWebhookJob, deliverWebhook)]]),
  afterlife: { park: parkDeadLetter, resolve: resolveDeadLetter },
};

beforeAll(async () => {
  world = await openTestWorld();
  await world.rows(
    "INSERT INTO mall (id, name, business_number) VALUES ('mall_OTHER', '다른가게', '120-81-00002')",
  );
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

// Each test begins without endpoints and without work left over by the one before it.
afterEach(async () => {
  await world.rows("UPDATE webhook_endpoint SET status = 'DELETED'");
  await world.rows("UPDATE outbox_message SET done_at = now() WHERE done_at IS NULL AND dead_at IS NULL");
});

async function anEndpoint(options: { answer?: Answer; types?: EventType[]; mallId?: string } = {}) {
  const path = `/hook-${++nextPath}`;
  if (options.answer) answers.set(path, options.answer);
  const { mallId = world.mallId, types = [] } = options;
  const endpoint = await registerEndpoint(world.ctx, { mallId, url: baseUrl + path, types });
  return { ...endpoint, path };
}

async function announce(
  subjectId: string,
  type: EventType = "payment.approved",
  mallId = world.mallId,
): Promise<void> {
  await world.rows("INSERT INTO event (type, mall_id, subject_id, data) VALUES ($1, $2, $3, $4)", [
    type,
    mallId,
    subjectId,
    JSON.stringify({ paymentKey: subjectId, amount: 10_000, orderName: "클린 코드" }),
  ]);
}

const openMessages = (due = "AND available_at <= now()") =>
  world.rows<{ id: bigint; waitMs: number; attempts: number }>(
    `SELECT id, extract(epoch FROM available_at - now())::float8 * 1000 AS "waitMs", attempts FROM outbox_message
     WHERE done_at IS NULL AND dead_at IS NULL ${due} ORDER BY id`,
  );

/** Performs everything that is due, as the relay and the workers would, until nothing is. */
async function workOff(ctx: Context = world.ctx): Promise<void> {
  for (;;) {
    const due = await openMessages();
    if (due.length === 0) return;
    await Promise.all(due.map(({ id }) => runMessage(ctx, workshop, id)));
  }
}

/** Lets the time pass that a waiting message still has to wait. */
const letTimePass = () =>
  world.rows(
    "UPDATE outbox_message SET available_at = now() - interval '1 second' WHERE done_at IS NULL AND dead_at IS NULL",
  );

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_heard, response) =>
    void response.writeHead(code, headers).end(`answer ${code}`);

const deliveries = (endpointId: string) =>
  world.rows<{ status: string; attempts: number; sequence: bigint; completedAt: Date | null }>(
    `SELECT status, attempts, sequence, completed_at AS "completedAt" FROM webhook_delivery WHERE endpoint_id = $1 ORDER BY sequence`,
    [endpointId],
  );

const tries = (endpointId: string) =>
  world.rows<{
    attempt: number;
    responseStatus: number | null;
    responseBody: string | null;
    error: string | null;
  }>(
    `SELECT a.attempt, a.response_status AS "responseStatus", a.response_body AS "responseBody", a.error
     FROM webhook_attempt a JOIN webhook_delivery d ON d.id = a.delivery_id WHERE d.endpoint_id = $1 ORDER BY a.id`,
    [endpointId],
  );

describe("the sequence of events", () => {
  test("has no gap and no repeat under eight writers and two sequencers, and a reader misses none", async () => {
    const writers = openPool(world.databaseUrl, {
      name: "writers",
      connectionsMax: 8,
      connectTimeoutMs: 15_000,
    });
    const eachWriter = 60;
    let writing = true;
    const write = async (writer: number) => {
      for (let n = 0; n < eachWriter; n++) {
        await writers
          .transaction(async (sql) => {
            await sql.run(
              {
                name: "write-event",
                text: "INSERT INTO event (type, mall_id, subject_id, data) VALUES ('payment.approved', $1, $2, '{}')",
              },
              [world.mallId, `w${writer}`],
            );
            // Slower commits of lower ids are what a naive "after N" would miss.
            await sql.run({ name: "pause", text: "SELECT pg_sleep(random() * 0.004)" }, []);
            if (n % 10 === 9) throw new Error("rolled back");
          })
          .catch((error: Error) => expect(error.message).toBe("rolled back"));
      }
    };
    const sequence = async () => {
      while (writing || (await sequenceEvents(world.ctx)) > 0) await sequenceEvents(world.ctx);
    };
    const first = ((await lastSequence()) ?? 0) + 1;
    const seen: number[] = [];
    const read = async () => {
      let after = first - 1;
      for (;;) {
        const wasWriting = writing;
        const page = await readEvents(world.ctx, { mallId: world.mallId, after, limit: 100 });
        seen.push(...page.events.map((event) => event.sequence));
        after = page.nextAfter;
        if (!wasWriting && !page.hasMore && (await unsequenced()) === 0) {
          const rest = await readEvents(world.ctx, { mallId: world.mallId, after, limit: 100 });
          seen.push(...rest.events.map((event) => event.sequence));
          if (!rest.hasMore) return;
        }
      }
    };
    const workers = Promise.all([sequence(), sequence(), read()]);
    try {
      await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    } finally {
      writing = false;
      await workers;
      await writers.close();
    }

    const expected = 8 * eachWriter * 0.9;
    const rows = await world.rows<{ sequence: bigint; id: bigint; subjectId: string }>(
      `SELECT sequence, id, subject_id AS "subjectId" FROM event WHERE sequence >= $1 ORDER BY sequence`,
      [first],
    );
    expect(rows.map((row) => Number(row.sequence))).toEqual(
      Array.from({ length: expected }, (_, n) => first + n),
    );
    expect(seen).toEqual(rows.map((row) => Number(row.sequence)));
    for (let writer = 0; writer < 8; writer++) {
      const own = rows.filter((row) => row.subjectId === `w${writer}`).map((row) => row.id);
      expect(own).toEqual(own.toSorted((a, b) => Number(a - b)));
    }
  });

  const lastSequence = async () =>
    (await world.rows<{ last: number | null }>("SELECT max(sequence)::int AS last FROM event"))[0]?.last;
  const unsequenced = async () =>
    (await world.rows<{ n: number }>("SELECT count(*)::int AS n FROM event WHERE sequence IS NULL"))[0]?.n;

  test("owes a delivery to each active endpoint that wants the type, of that mall alone", async () => {
    const all = await anEndpoint();
    const canceled = await anEndpoint({ types: ["payment.canceled"] });
    const others = await anEndpoint({ mallId: "mall_OTHER" });
    const gone = await anEndpoint();
    await deleteEndpoint(world.ctx, { mallId: world.mallId, endpointId: gone.endpointId });
    await announce("pay_A", "payment.approved");
    await announce("pay_A", "payment.canceled");
    expect(await sequenceEvents(world.ctx)).toBe(2);
    expect(await sequenceEvents(world.ctx)).toBe(0);
    const counts = await Promise.all(
      [all, canceled, others, gone].map(async ({ endpointId }) => (await deliveries(endpointId)).length),
    );
    expect(counts).toEqual([2, 1, 0, 0]);
    expect(await openMessages()).toHaveLength(3);
  });
});

describe("a delivery", () => {
  test("is signed so that the public library accepts it, with the event's id and its place", async () => {
    const endpoint = await anEndpoint();
    await announce("pay_B");
    await sequenceEvents(world.ctx);
    await workOff();
    expect(heard).toHaveLength(1);
    const [message] = heard as [Heard];
    const [event] = await world.rows<{ id: bigint; sequence: bigint }>(
      "SELECT id, sequence FROM event WHERE subject_id = 'pay_B'",
    );
    expect(
      new Webhook(endpoint.secret).verify(message.body, message.headers as Record<string, string>),
    ).toEqual({
      type: "payment.approved",
      timestamp: expect.stringMatching(/\+09:00$/),
      data: {
        paymentKey: "pay_B",
        amount: 10_000,
        orderName: "클린 코드",
        sequence: Number(event?.sequence),
      },
    });
    expect(message.headers["webhook-id"]).toBe(`evt_${event?.id}`);
    expect(await deliveries(endpoint.endpointId)).toMatchObject([
      { status: "DELIVERED", attempts: 1, completedAt: expect.any(Date) },
    ]);
    expect(await tries(endpoint.endpointId)).toMatchObject([
      { attempt: 1, responseStatus: 200, responseBody: "ok", error: null },
    ]);
  });

  test("is tried again by the schedule with the same id and a new time, and is a dead letter after ten tries", async () => {
    const endpoint = await anEndpoint({ answer: status(500) });
    await announce("pay_C");
    await sequenceEvents(world.ctx);
    const waits: number[] = [];
    for (let n = 1; n <= 10; n++) {
      await workOff({ ...world.ctx, now: () => new Date(Date.now() + n * 1_000) });
      waits.push((await openMessages(""))[0]?.waitMs ?? Number.NaN);
      await letTimePass();
    }
    const hours = [5 / 3_600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24];
    hours.forEach((planned, n) => {
      expect(waits[n]).toBeGreaterThan(planned * 3_600_000 * 0.9 - 1_000);
      expect(waits[n]).toBeLessThanOrEqual(planned * 3_600_000 * 1.1);
    });
    expect(heard).toHaveLength(10);
    expect(new Set(heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(heard.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(10);
    expect(await openMessages("")).toHaveLength(0);
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "DEAD", attempts: 10 }]);
    expect((await tries(endpoint.endpointId)).at(-1)).toMatchObject({ attempt: 10, error: "status 500" });
    const letters = await world.rows(
      "SELECT status, reason_class, last_error FROM dead_letter WHERE subject_id = 'pay_C'",
    );
    expect(letters).toEqual([{ status: "PARKED", reason_class: "WEBHOOK_STATUS", last_error: "status 500" }]);
  });

  test("that is dead is sent again when an operator re-drives it, and its letter is resolved", async () => {
    let healthy = false;
    const endpoint = await anEndpoint({
      answer: (_heard, response) => void response.writeHead(healthy ? 200 : 503).end(),
    });
    await announce("pay_D");
    await sequenceEvents(world.ctx);
    for (let n = 1; n <= 10; n++) {
      await workOff();
      await letTimePass();
    }
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "DEAD" }]);
    healthy = true;
    const [delivery] = await world.rows<{ id: string }>(
      "SELECT id FROM webhook_delivery WHERE subject_id = 'pay_D'",
    );
    const id = delivery?.id ?? "";
    await world.rows("UPDATE dead_letter SET status = 'REDRIVEN' WHERE subject_id = 'pay_D'");
    await enqueue(world.ctx.sql, [
      outboxRow(deliverWebhookJob, `${id}#redrive-1`, { deliveryId: id }, { subjectId: "pay_D" }),
    ]);
    await workOff();
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "DELIVERED", attempts: 11 }]);
    expect(await world.rows("SELECT status FROM dead_letter WHERE subject_id = 'pay_D'")).toEqual([
      { status: "RESOLVED" },
    ]);
  });

  test("waits as long as Retry-After asks", async () => {
    await anEndpoint({ answer: status(429, { "retry-after": "3600" }) });
    await announce("pay_E");
    await sequenceEvents(world.ctx);
    await workOff();
    const [message] = await openMessages("");
    expect(message?.waitMs).toBeGreaterThan(3_590_000);
    expect(message?.waitMs).toBeLessThanOrEqual(3_600_000);
  });

  test("fails on a redirect and does not go where it points", async () => {
    const endpoint = await anEndpoint({ answer: status(307, { location: `${baseUrl}/elsewhere` }) });
    await announce("pay_F");
    await sequenceEvents(world.ctx);
    await workOff();
    expect(heard.map(({ path }) => path)).toEqual([endpoint.path]);
    expect(await tries(endpoint.endpointId)).toMatchObject([
      { responseStatus: 307, error: expect.stringContaining("redirect") },
    ]);
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "PENDING" }]);
  });

  test("does not wait for the end of a body that drips", async () => {
    const endpoint = await anEndpoint({
      answer: (_heard, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write("."), 50);
        response.on("close", () => clearInterval(drip));
      },
    });
    await announce("pay_G");
    await sequenceEvents(world.ctx);
    const startedMs = performance.now();
    await workOff();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "DELIVERED" }]);
  });

  test("says who did not answer", async () => {
    const endpoint = await anEndpoint({ answer: (_heard, response) => void response.destroy() });
    await announce("pay_H");
    await sequenceEvents(world.ctx);
    await workOff();
    expect(await tries(endpoint.endpointId)).toMatchObject([
      { responseStatus: null, error: expect.stringContaining("connect:") },
    ]);
  });

  test("to an address that stopped being allowed is blocked and logged, and nothing is sent", async () => {
    const endpoint = await anEndpoint();
    await announce("pay_I");
    await sequenceEvents(world.ctx);
    await workOff({ ...world.ctx, env: { ...world.ctx.env, WEBHOOK_ALLOW_HOSTS: [] } });
    expect(heard).toHaveLength(0);
    expect(await tries(endpoint.endpointId)).toMatchObject([
      { responseStatus: null, error: expect.stringContaining("blocked") },
    ]);
  });

  test("happens once more at most when a worker dies after sending: same id", async () => {
    const endpoint = await anEndpoint();
    await announce("pay_J");
    await sequenceEvents(world.ctx);
    const [delivery] = await world.rows<{ id: string }>(
      "SELECT id FROM webhook_delivery WHERE subject_id = 'pay_J'",
    );
    const run = () =>
      deliverWebhook(
        world.ctx,
        { deliveryId: delivery?.id ?? "" },
        { attempt: 1, messageId: 1n, traceId: null },
      );
    expect(await run()).toEqual({ kind: "done" });
    expect(await run()).toEqual({ kind: "done" });
    expect(heard).toHaveLength(1);
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "DELIVERED", attempts: 1 }]);
  });

  test("leaves hands free for other endpoints while one hangs", async () => {
    const held: ServerResponse[] = [];
    const hanging = await anEndpoint({ answer: (_heard, response) => void held.push(response) });
    for (let n = 0; n < 8; n++) await announce(`pay_K${n}`);
    await sequenceEvents(world.ctx);
    const due = await openMessages();
    const running = Promise.all(due.map(({ id }) => runMessage(world.ctx, workshop, id)));
    await expect.poll(() => held.length).toBe(4);
    // The other four went back to wait, without a try being counted.
    await expect
      .poll(async () => (await openMessages("AND locked_until IS NULL")).map(({ attempts }) => attempts))
      .toEqual([0, 0, 0, 0]);
    for (const response of held) response.writeHead(200).end();
    await running;
    answers.delete(hanging.path);
    await letTimePass();
    await workOff();
    expect((await deliveries(hanging.endpointId)).map((delivery) => delivery.status)).toEqual(
      Array(8).fill("DELIVERED"),
    );
  });
});

describe("the order of one payment's events (WH-2)", () => {
  const typesHeard = () => heard.map(({ body }) => (JSON.parse(body) as { type: string }).type);

  test("holds while the first one fails; other payments go on", async () => {
    let healthy = false;
    const endpoint = await anEndpoint({
      answer: ({ body }, response) =>
        void response.writeHead(healthy || !body.includes("pay_L1") ? 200 : 500).end(),
    });
    await announce("pay_L1", "payment.approved");
    await announce("pay_L1", "payment.partially_canceled");
    await announce("pay_L1", "payment.canceled");
    await announce("pay_L2", "payment.approved");
    await sequenceEvents(world.ctx);
    await workOff();
    expect(
      heard.map(({ body }) => (JSON.parse(body) as { data: { paymentKey: string } }).data.paymentKey).sort(),
    ).toEqual(["pay_L1", "pay_L2"]);
    expect((await deliveries(endpoint.endpointId)).map((delivery) => delivery.attempts)).toEqual([
      1, 0, 0, 1,
    ]);
    // Waiting costs no try.
    expect((await openMessages("")).map((message) => message.attempts)).toEqual([1, 0, 0]);

    healthy = true;
    heard = [];
    // Only the first is made due; each end wakes the next, so nobody waits for a timer.
    const [first] = await openMessages("");
    await world.rows("UPDATE outbox_message SET available_at = now() - interval '1 second' WHERE id = $1", [
      first?.id,
    ]);
    await workOff();
    expect(typesHeard()).toEqual(["payment.approved", "payment.partially_canceled", "payment.canceled"]);
    expect((await deliveries(endpoint.endpointId)).map((delivery) => delivery.status)).toEqual(
      Array(4).fill("DELIVERED"),
    );
  });

  test("goes on when the first one is dead", async () => {
    const endpoint = await anEndpoint({
      answer: ({ body }, response) =>
        void response.writeHead(body.includes("payment.approved") ? 500 : 200).end(),
    });
    await announce("pay_M", "payment.approved");
    await announce("pay_M", "payment.canceled");
    await sequenceEvents(world.ctx);
    for (let n = 1; n <= 10; n++) {
      await workOff();
      await letTimePass();
    }
    await workOff();
    expect((await deliveries(endpoint.endpointId)).map((delivery) => delivery.status)).toEqual([
      "DEAD",
      "DELIVERED",
    ]);
    expect(typesHeard().at(-1)).toBe("payment.canceled");
  });

  test("is each endpoint's own", async () => {
    const broken = await anEndpoint({ answer: status(500) });
    const sound = await anEndpoint();
    await announce("pay_N", "payment.approved");
    await announce("pay_N", "payment.canceled");
    await sequenceEvents(world.ctx);
    await workOff();
    // The follower found the first one still on its way and looks again after a second.
    await expect
      .poll(
        async () => {
          await workOff();
          return (await deliveries(sound.endpointId)).map((delivery) => delivery.status);
        },
        { timeout: 5_000 },
      )
      .toEqual(["DELIVERED", "DELIVERED"]);
    expect((await deliveries(broken.endpointId)).map((delivery) => delivery.attempts)).toEqual([1, 0]);
  });
});

describe("an endpoint", () => {
  const mall = () => world.mallId;

  test("is shown without its secret, which is kept sealed", async () => {
    const { secret, path: _path, ...shown } = await anEndpoint({ types: ["payment.approved"] });
    expect(await readEndpoints(world.ctx, mall())).toEqual([shown]);
    expect(shown).toEqual({
      endpointId: expect.stringMatching(/^whe_/),
      url: expect.stringContaining("http://127.0.0.1"),
      types: ["payment.approved"],
      status: "ACTIVE",
      createdAt: expect.any(String),
    });
    const dump = JSON.stringify(
      await world.rows("SELECT encode(secret_sealed, 'escape') AS sealed, e.* FROM webhook_endpoint e"),
      (_key, value) => (typeof value === "bigint" ? String(value) : value),
    );
    expect(dump).not.toContain(secret.slice("whsec_".length));
    expect(await readEndpoints(world.ctx, "mall_OTHER")).toEqual([]);
  });

  test("is refused where it leads inside, and when it is there already", async () => {
    const { url } = await anEndpoint();
    for (const bad of ["http://shop.example.com/", "https://10.1/", "https://localhost./", url]) {
      await expect(
        registerEndpoint(world.ctx, { mallId: mall(), url: bad, types: [] }),
      ).rejects.toMatchObject({
        code: "INVALID_WEBHOOK_URL",
      });
    }
    await expect(registerEndpoint(world.ctx, { mallId: "mall_OTHER", url, types: [] })).resolves.toBeTruthy();
  });

  test("is one of ten at most, also when twelve are asked for at once", async () => {
    const wishes = Array.from({ length: 12 }, () => anEndpoint());
    const outcomes = await Promise.allSettled(wishes);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(2);
    expect(refused[0]?.reason).toMatchObject({ code: "INVALID_REQUEST", facts: { endpointsMax: 10 } });
  });

  test("is another mall's business only when it is theirs", async () => {
    const { endpointId } = await anEndpoint();
    const asked = { mallId: "mall_OTHER", endpointId };
    for (const act of [deleteEndpoint, rotateEndpointSecret, testEndpoint]) {
      await expect(act(world.ctx, asked)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await readEndpoints(world.ctx, mall())).toHaveLength(1);
  });

  test("that answers 410 is paused, its delivery is dead, and a test that arrives resumes it", async () => {
    let gone = true;
    const endpoint = await anEndpoint({
      answer: (_heard, response) => void response.writeHead(gone ? 410 : 204).end(),
    });
    await announce("pay_O", "payment.approved");
    await announce("pay_O", "payment.canceled");
    await sequenceEvents(world.ctx);
    await workOff();
    expect(await readEndpoints(world.ctx, mall())).toMatchObject([
      { status: "PAUSED", pausedReason: "410 Gone" },
    ]);
    await letTimePass();
    await workOff();
    expect(heard).toHaveLength(1);
    expect((await deliveries(endpoint.endpointId)).map((delivery) => delivery.status)).toEqual([
      "DEAD",
      "DEAD",
    ]);
    expect(await world.rows("SELECT reason_class FROM dead_letter WHERE subject_id = 'pay_O'")).toEqual(
      Array(2).fill({ reason_class: "WEBHOOK_STATUS" }),
    );

    await announce("pay_P");
    await sequenceEvents(world.ctx);
    expect(await deliveries(endpoint.endpointId)).toHaveLength(2);

    const asked = { mallId: mall(), endpointId: endpoint.endpointId };
    expect(await testEndpoint(world.ctx, asked)).toMatchObject({
      delivered: false,
      status: 410,
      error: "status 410",
    });
    expect(await readEndpoints(world.ctx, mall())).toMatchObject([{ status: "PAUSED" }]);
    gone = false;
    expect(await testEndpoint(world.ctx, asked)).toMatchObject({ delivered: true, status: 204 });
    expect(await readEndpoints(world.ctx, mall())).toMatchObject([{ status: "ACTIVE" }]);
    const audited = await world.rows<{ action: string }>(
      "SELECT action FROM audit_log WHERE target_id = $1 ORDER BY seq",
      [endpoint.endpointId],
    );
    expect(audited.map(({ action }) => action)).toEqual([
      "webhook_endpoint.registered",
      "webhook_endpoint.paused",
      "webhook_endpoint.resumed",
    ]);
  });

  test("signs with the old and the new secret for a day after a rotation, then with the new one alone", async () => {
    const endpoint = await anEndpoint();
    const asked = { mallId: mall(), endpointId: endpoint.endpointId };
    const { secret: newer, previousSecretExpiresAt } = await rotateEndpointSecret(world.ctx, asked);
    const expiresAt = new Date(previousSecretExpiresAt ?? 0).getTime();
    expect(Math.abs(expiresAt - Date.now() - 24 * 3_600_000)).toBeLessThan(5_000);
    const verifies = (secret: string) => {
      const [message] = heard.slice(-1) as [Heard];
      // The library refuses old timestamps by its own clock, which a test cannot move: the signature alone is in question.
      const [id, at] = [
        message.headers["webhook-id"] as string,
        Number(message.headers["webhook-timestamp"]),
      ];
      const expected = new Webhook(secret).sign(id, new Date(at * 1_000), message.body);
      return (message.headers["webhook-signature"] as string).split(" ").includes(expected);
    };
    await testEndpoint(world.ctx, asked);
    expect([verifies(newer), verifies(endpoint.secret)]).toEqual([true, true]);
    const [message] = heard as [Heard];
    expect(
      new Webhook(endpoint.secret).verify(message.body, message.headers as Record<string, string>),
    ).toMatchObject({
      type: "paydeck.test",
      data: { sequence: 0 },
    });

    const dayLater = { ...world.ctx, now: () => new Date(expiresAt + 1_000) };
    await testEndpoint(dayLater, asked);
    expect([verifies(newer), verifies(endpoint.secret)]).toEqual([true, false]);
    expect(await readEndpoints(dayLater, mall())).not.toMatchObject([
      { previousSecretExpiresAt: expect.any(String) },
    ]);
  });

  test("that is deleted gets nothing that was still owed, and no letter is written", async () => {
    const endpoint = await anEndpoint({ answer: status(500) });
    await announce("pay_Q");
    await sequenceEvents(world.ctx);
    await workOff();
    await deleteEndpoint(world.ctx, { mallId: mall(), endpointId: endpoint.endpointId });
    await letTimePass();
    await workOff();
    expect(heard).toHaveLength(1);
    expect(await deliveries(endpoint.endpointId)).toMatchObject([{ status: "DEAD", attempts: 1 }]);
    expect(await world.rows("SELECT id FROM dead_letter WHERE subject_id = 'pay_Q'")).toEqual([]);
    expect(await readEndpoints(world.ctx, mall())).toEqual([]);
    await expect(
      deleteEndpoint(world.ctx, { mallId: mall(), endpointId: endpoint.endpointId }),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("reading events", () => {
  test("goes on from nextAfter, by type too, and shows a mall its own only", async () => {
    const [{ last = 0 } = {}] = await world.rows<{ last: number }>(
      "SELECT coalesce(max(sequence), 0)::int AS last FROM event",
    );
    await announce("pay_R", "payment.approved");
    await announce("pay_S", "payment.approved", "mall_OTHER");
    await announce("pay_R", "payment.canceled");
    await announce("pay_T", "payment.approved");
    await sequenceEvents(world.ctx);
    const page = (after: number, limit: number, type?: EventType) =>
      readEvents(world.ctx, { mallId: world.mallId, after, limit, type });
    expect(await page(last, 2)).toMatchObject({
      events: [
        { type: "payment.approved", sequence: last + 1, data: { paymentKey: "pay_R", sequence: last + 1 } },
        { type: "payment.canceled", sequence: last + 3 },
      ],
      nextAfter: last + 3,
      hasMore: true,
    });
    expect(await page(last + 3, 2)).toMatchObject({ events: [{ sequence: last + 4 }], hasMore: false });
    expect(await page(last + 4, 2)).toEqual({ events: [], nextAfter: last + 4, hasMore: false });
    expect((await page(last, 10, "payment.canceled")).events.map((event) => event.sequence)).toEqual([
      last + 3,
    ]);
  });
});

describe("the record of a subject's webhooks", () => {
  test("shows the very body and headers that each try sent, and never a signature", async () => {
    let asked = 0;
    const answer: Answer = (_heard, response) =>
      void response.writeHead(++asked === 1 ? 503 : 200).end(`try ${asked}`);
    await anEndpoint({ answer });
    await announce("pay_SHOWN");
    expect((await readDeliveries(world.ctx, "pay_SHOWN")).map(({ body }) => body)).toEqual([null]);
    await sequenceEvents(world.ctx);
    await workOff();

    const [waiting] = await readDeliveries(world.ctx, "pay_SHOWN");
    expect(waiting?.deliveries[0]).toMatchObject({ status: "PENDING", attempts: 1 });
    expect(waiting?.deliveries[0]?.nextTryAt?.getTime()).toBeGreaterThan(Date.now());
    await letTimePass();
    await workOff();

    const [event] = await readDeliveries(world.ctx, "pay_SHOWN");
    const [delivery] = event?.deliveries ?? [];
    expect(delivery).toMatchObject({ status: "DELIVERED", nextTryAt: null });
    expect(
      delivery?.tries.map(({ responseStatus, responseBody }) => [responseStatus, responseBody?.text]),
    ).toEqual([
      [503, "try 1"],
      [200, "try 2"],
    ]);
    expect(heard.map(({ body }) => body)).toEqual([event?.body, event?.body]);
    for (const [index, made] of (delivery?.tries ?? []).entries()) {
      expect(made.headers.find(({ name }) => name === "webhook-signature")).toEqual({
        name: "webhook-signature",
        value: null,
      });
      for (const { name, value } of made.headers)
        if (value !== null) expect([name, heard[index]?.headers[name]]).toEqual([name, value]);
    }
  });
});
