import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { relayOutbox } from "#server/outbox/relay-outbox.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { defineJob, done, type JobResult } from "#server/platform/job.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { openBull } from "#workers/bull.ts";
import { postponeUnderLoad } from "#workers/postpone-under-load.ts";
import { relayTurn } from "#workers/relay.ts";
import { openShift } from "#workers/shift.ts";

const noteJob = defineJob({
  name: "note",
  queue: "upkeep",
  payload: z.object({ word: z.string() }),
  delaysMs: [0, 0],
});

let world: TestWorld;
let performed: string[] = [];
let answer: (word: string) => Promise<JobResult> | JobResult = () => done;

const workshop: Workshop = {
  registry: new Map([
    [
      "note",
      work(noteJob, async (_, { word }) => {
        performed.push(word);
        return answer(word);
      }),
    ],
  ]),
  afterlife: { park: parkDeadLetter, resolve: resolveDeadLetter },
};

beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

async function put(word = randomUUID()): Promise<{ id: bigint; word: string }> {
  performed = [];
  await enqueue(world.ctx.sql, [outboxRow(noteJob, word, { word }, { subjectId: word })]);
  const [row] = await world.rows<{ id: bigint }>(`SELECT id FROM outbox_message WHERE job_key = $1`, [
    `note:${word}`,
  ]);
  if (!row) throw new Error("the message was not written");
  return { id: row.id, word };
}

const messageOf = async (id: bigint) =>
  (
    await world.rows<{ attempts: number; done: boolean; dead: boolean; lastError: string | null }>(
      `SELECT attempts, done_at IS NOT NULL AS done, dead_at IS NOT NULL AS dead, last_error AS "lastError" FROM outbox_message WHERE id = $1`,
      [id],
    )
  )[0];

describe("a job of the outbox", () => {
  test("is written with the change that needs it, or not at all", async () => {
    const word = randomUUID();
    const write = world.ctx.sql.transaction(async (sql) => {
      await enqueue(sql, [outboxRow(noteJob, word, { word }, { subjectId: word })]);
      throw new Error("the change failed");
    });
    await expect(write).rejects.toThrow("the change failed");
    expect(await world.rows(`SELECT 1 FROM outbox_message WHERE job_key = $1`, [`note:${word}`])).toEqual([]);
  });

  test("is handed over once, by whichever of two relays is faster", async () => {
    const { id } = await put();
    const handed: bigint[] = [];
    const relay = () =>
      relayOutbox(world.ctx, async (due) => void handed.push(...due.map((message) => message.id)));
    await Promise.all(Array.from({ length: 10 }, relay));
    expect(handed.filter((one) => one === id)).toEqual([id]);
  });

  test("is performed once, however many workers are woken for it", async () => {
    const { id, word } = await put();
    answer = () => done;
    await Promise.all(Array.from({ length: 20 }, () => runMessage(world.ctx, workshop, id)));
    expect(performed).toEqual([word]);
    expect(await messageOf(id)).toMatchObject({ done: true, attempts: 1 });
  });

  test("is tried again by its policy, and then kept as a dead letter with its first and last error", async () => {
    const { id, word } = await put();
    let tries = 0;
    answer = () => {
      tries++;
      if (tries === 1) throw new Error("first trouble");
      return { kind: "again", reason: "VAN_TIMEOUT", error: `trouble ${tries}` };
    };
    for (let n = 0; n < 5; n++) await runMessage(world.ctx, workshop, id);
    expect(tries).toBe(3);
    expect(await messageOf(id)).toMatchObject({ dead: true, attempts: 3 });
    expect(
      await world.rows(
        `SELECT status, reason_class, first_error, last_error, attempts FROM dead_letter WHERE job_key = $1`,
        [`note:${word}`],
      ),
    ).toEqual([
      {
        status: "PARKED",
        reason_class: "VAN_TIMEOUT",
        first_error: "first trouble",
        last_error: "trouble 3",
        attempts: 3,
      },
    ]);
  });

  test("that is postponed keeps its tries", async () => {
    const { id } = await put();
    answer = () => ({
      kind: "again",
      reason: "INTERNAL",
      error: "not yet",
      delayMs: 0,
      countsAsAttempt: false,
    });
    for (let n = 0; n < 10; n++) await runMessage(world.ctx, workshop, id);
    expect(performed).toHaveLength(10);
    expect(await messageOf(id)).toMatchObject({ dead: false, attempts: 0, lastError: null });
  });

  test("whose worker died is taken by another when its lease is over", async () => {
    const { id, word } = await put();
    answer = () => done;
    await world.rows(
      `UPDATE outbox_message SET attempts = 1, locked_until = now() + interval '1 minute' WHERE id = $1`,
      [id],
    );
    await runMessage(world.ctx, workshop, id);
    expect(performed).toEqual([]);
    await world.rows(`UPDATE outbox_message SET locked_until = now() - interval '1 second' WHERE id = $1`, [
      id,
    ]);
    await runMessage(world.ctx, workshop, id);
    expect(performed).toEqual([word]);
  });

  test("closed by a worker that was taken for dead changes nothing", async () => {
    const { id } = await put();
    answer = async () => {
      // While this worker was away, another claimed the message: its attempt is the fence.
      await world.rows(`UPDATE outbox_message SET attempts = 7 WHERE id = $1`, [id]);
      return done;
    };
    await runMessage(world.ctx, workshop, id);
    expect(await messageOf(id)).toMatchObject({ done: false, attempts: 7 });
  });

  test("with a payload of the wrong shape is given up, not lost", async () => {
    const { id } = await put();
    await world.rows(`UPDATE outbox_message SET payload = '{"word":5}' WHERE id = $1`, [id]);
    for (let n = 0; n < 4; n++) await runMessage(world.ctx, workshop, id);
    expect(performed).toEqual([]);
    expect(await messageOf(id)).toMatchObject({ dead: true });
  });
});

describe("with BullMQ", () => {
  test("jobs flow, and those that a wiped Redis lost are handed over again", async () => {
    answer = () => done;
    const woken: bigint[] = [];
    let lose = true;
    const bull = openBull(world.ctx.env.REDIS_URL, world.ctx.log, async (id) => {
      woken.push(id);
      if (!lose) await runMessage(world.ctx, workshop, id);
    });
    try {
      await expect.poll(() => bull.isUp()).toBe(true);
      const turn = relayTurn(world.ctx, workshop, bull);
      const { id, word } = await put();
      await turn();
      await expect.poll(() => woken).toContain(id);
      // The wake-up was lost: nothing was performed, and Redis knows nothing of it any more.
      const redis = new Redis(world.ctx.env.REDIS_URL);
      await redis.flushdb();
      await redis.quit();
      lose = false;
      await world.rows(
        `UPDATE outbox_message SET published_at = now() - interval '20 seconds' WHERE id = $1`,
        [id],
      );
      await turn();
      // The handler is seen to run before the message it ran for is closed.
      await expect.poll(() => messageOf(id), { timeout: 10_000 }).toMatchObject({ done: true });
      expect(performed).toEqual([word]);
    } finally {
      await bull.close();
    }
  });

  test("a canary comes through at the head of its queue and wakes nobody", async () => {
    const woken: bigint[] = [];
    const bull = openBull(world.ctx.env.REDIS_URL, world.ctx.log, async (id) => void woken.push(id));
    try {
      await expect.poll(() => bull.isUp()).toBe(true);
      const id = await bull.sendCanary("upkeep");
      await expect.poll(() => bull.hasCanary("upkeep", id)).toBe(false);
      expect(woken).toEqual([]);
    } finally {
      await bull.close();
    }
  });

  test("a queue that hands nothing out still has its canary", async () => {
    const queue = new Queue("money", { connection: { url: world.ctx.env.REDIS_URL }, prefix: "paydeck" });
    const bull = openBull(world.ctx.env.REDIS_URL, world.ctx.log, async () => undefined);
    try {
      await expect.poll(() => bull.isUp()).toBe(true);
      await queue.pause();
      const id = await bull.sendCanary("money");
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await bull.hasCanary("money", id)).toBe(true);
      await queue.resume();
      await expect.poll(() => bull.hasCanary("money", id), { timeout: 10_000 }).toBe(false);
    } finally {
      await bull.close();
      await queue.close();
    }
  });

  test("while Redis is away longer than its patience the relay performs them itself", async () => {
    answer = () => done;
    const bull = openBull("redis://127.0.0.1:1/0", world.ctx.log, async () => undefined);
    try {
      const { id, word } = await put();
      const turn = relayTurn(world.ctx, workshop, bull, { patienceMs: 50 });
      await turn();
      expect(performed).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await turn();
      expect(performed).toEqual([word]);
      expect(await messageOf(id)).toMatchObject({ done: true });
    } finally {
      await bull.close();
    }
  });
});

test("a webhook send waits while the worker is under load and keeps its tries; recovery of money does not", async () => {
  const sendJob = defineJob({ ...noteJob, name: "send", queue: "webhooks" });
  const recoverJob = defineJob({ ...noteJob, name: "recover", queue: "money" });
  const done: string[] = [];
  const note = (name: string) => async (): Promise<JobResult> => {
    done.push(name);
    return { kind: "done" };
  };
  const plain: Workshop = {
    ...workshop,
    registry: new Map([
      ["send", work(sendJob, note("send"))],
      ["recover", work(recoverJob, note("recover"))],
    ]),
  };
  let isBusy = true;
  const asked: string[] = [];
  const jobs = postponeUnderLoad(plain, {
    turnsAway: (what) => {
      asked.push(what);
      return isBusy;
    },
  });
  const word = randomUUID();
  await enqueue(world.ctx.sql, [
    outboxRow(sendJob, word, { word }, { subjectId: word }),
    outboxRow(recoverJob, word, { word }, { subjectId: word }),
  ]);
  const rows = await world.rows<{ id: bigint; jobName: string }>(
    `SELECT id, job_name AS "jobName" FROM outbox_message WHERE subject_id = $1 ORDER BY id`,
    [word],
  );
  for (const { id } of rows) await runMessage(world.ctx, jobs, id);
  expect(done).toEqual(["recover"]);
  expect(asked).toEqual(["webhook_send"]);
  const send = rows.find(({ jobName }) => jobName === "send");
  expect(send && (await messageOf(send.id))).toMatchObject({ done: false, attempts: 0, lastError: null });
  isBusy = false;
  await world.rows(`UPDATE outbox_message SET available_at = now() - interval '1 second' WHERE id = $1`, [
    send?.id,
  ]);
  if (send) await runMessage(world.ctx, jobs, send.id);
  expect(done).toEqual(["recover", "send"]);
});

test("a shift that is over takes nothing new and waits for what is under way", async () => {
  const begun: bigint[] = [];
  let finish = () => {};
  const shift = openShift((id) => {
    begun.push(id);
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const first = shift.perform(1n);
  let isEnded = false;
  const ended = shift.end().then(() => {
    isEnded = true;
  });
  await shift.perform(2n);
  expect([begun, isEnded]).toEqual([[1n], false]);
  finish();
  await Promise.all([first, ended]);
  expect(isEnded).toBe(true);
});
