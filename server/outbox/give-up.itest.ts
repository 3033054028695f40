import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { defineJob } from "#server/platform/job.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

const hopelessJob = defineJob({
  name: "hopeless",
  queue: "upkeep",
  payload: z.object({}),
  delaysMs: [],
});

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());

test("a message is given up with its dead letter, or not at all", async () => {
  let isBroken = true;
  const workshop: Workshop = {
    registry: new Map([
      ["hopeless", work(hopelessJob, async () => ({ kind: "dead", reason: "INTERNAL", error: "no hope" }))],
    ]),
    afterlife: {
      park: async () => {
        if (isBroken) throw new Error("the letter cannot be written");
      },
      resolve: async () => undefined,
    },
  };
  const key = randomUUID();
  await enqueue(world.ctx.sql, [outboxRow(hopelessJob, key, {}, { subjectId: key })]);
  const message = async () =>
    (
      await world.rows<{ id: bigint; isDead: boolean }>(
        `SELECT id, dead_at IS NOT NULL AS "isDead" FROM outbox_message WHERE subject_id = $1`,
        [key],
      )
    )[0];
  const id = (await message())?.id ?? 0n;
  await expect(runMessage(world.ctx, workshop, id)).rejects.toThrow("the letter cannot be written");
  expect(await message()).toMatchObject({ isDead: false });

  // Whoever takes it when the lease is over gives it up.
  isBroken = false;
  await world.rows(`UPDATE outbox_message SET locked_until = now() - interval '1 second' WHERE id = $1`, [
    id,
  ]);
  await runMessage(world.ctx, workshop, id);
  expect(await message()).toMatchObject({ isDead: true });
});
