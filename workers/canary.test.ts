import { expect, test } from "vitest";
import type { QueueName } from "#server/platform/job.ts";
import { openLog } from "#server/platform/log.ts";
import { canaryTurn } from "#workers/canary.ts";

/** A BullMQ of three queues, of which some hand nothing out. */
function aPerch() {
  const sent: QueueName[] = [];
  const state = { isUp: true, stuck: new Set<QueueName>() };
  return {
    sent,
    state,
    isUp: () => state.isUp,
    async sendCanary(queue: QueueName) {
      sent.push(queue);
      return `${queue}-${sent.length}`;
    },
    hasCanary: async (queue: QueueName) => state.stuck.has(queue),
  };
}

function aTurn(perch: ReturnType<typeof aPerch>) {
  const stuck: QueueName[] = [];
  const turn = canaryTurn(perch, openLog("test", "silent"), (queue) => void stuck.push(queue));
  return {
    stuck,
    async run(turns: number) {
      for (let n = 0; n < turns; n++) await turn();
    },
  };
}

test("sends one to each queue every fifteen seconds while all is well", async () => {
  const perch = aPerch();
  const { run, stuck } = aTurn(perch);
  await run(12);
  // Twelve turns are a minute: four canaries for each of three queues.
  expect(perch.sent).toHaveLength(3 * 4);
  expect(stuck).toEqual([]);
});

test("says so once when a queue hands nothing out for a minute, and not before", async () => {
  const perch = aPerch();
  perch.state.stuck.add("webhooks");
  const { run, stuck } = aTurn(perch);
  await run(12);
  expect(stuck).toEqual([]);
  await run(1);
  expect(stuck).toEqual(["webhooks"]);
});

test("waits while Redis is away, and starts anew afterwards", async () => {
  const perch = aPerch();
  perch.state.stuck.add("money");
  const { run, stuck } = aTurn(perch);
  await run(12);
  perch.state.isUp = false;
  await run(50);
  perch.state.isUp = true;
  await run(12);
  expect(stuck).toEqual([]);
});
