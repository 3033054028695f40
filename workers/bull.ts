import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { DueMessage } from "#server/outbox/relay-outbox.ts";
import { type QueueName, queueNames } from "#server/platform/job.ts";
import type { Log } from "#server/platform/log.ts";
import type { Perch } from "#workers/canary.ts";

const prefix = "paydeck";

/** How many messages of a queue one worker process performs at once. */
const concurrencyOf: Readonly<Record<QueueName, number>> = { money: 16, webhooks: 16, upkeep: 2 };

/** The name of a job that does nothing; no job of the outbox has it. */
const canaryName = "canary";

export type Bull = Perch &
  Readonly<{
    publish(queue: QueueName, messages: readonly DueMessage[]): Promise<void>;
    /** Takes nothing new, and waits for what is under way. */
    close(): Promise<void>;
  }>;

/** Opens BullMQ: it wakes a worker for a message, the outbox row decides (D6). `perform` gets the message id. */
export function openBull(redisUrl: string, log: Log, perform: (messageId: bigint) => Promise<void>): Bull {
  const producer = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 1_000,
    commandTimeout: 2_000,
  });
  const consumer = new Redis(redisUrl, { maxRetriesPerRequest: null });
  // Each failed reconnect is an event; the relay notices that Redis is away and says so once.
  for (const connection of [producer, consumer]) connection.on("error", () => undefined);

  const queues = new Map(queueNames.map((name) => [name, new Queue(name, { connection: producer, prefix })]));
  const workers = queueNames.map(
    (name) =>
      new Worker(name, async (job) => job.name !== canaryName && perform(BigInt(job.data.messageId)), {
        connection: consumer,
        prefix,
        concurrency: concurrencyOf[name],
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      }),
  );
  const noteError = (error: Error) =>
    log.debug({ err: error }, "BullMQ met an error; the outbox keeps the work");
  for (const queue of queues.values()) queue.on("error", noteError);
  for (const worker of workers) worker.on("error", noteError);
  return {
    isUp: () => producer.status === "ready",
    async publish(queue, messages) {
      await queues
        .get(queue)
        ?.addBulk(messages.map(({ id, jobName }) => ({ name: jobName, data: { messageId: String(id) } })));
    },
    async sendCanary(queue) {
      // At the head: it measures whether jobs are handed out, not how many there are.
      const job = await queues.get(queue)?.add(canaryName, {}, { lifo: true });
      return job?.id ?? "";
    },
    hasCanary: async (queue, id) => (await queues.get(queue)?.getJob(id)) !== undefined,
    async close() {
      // Without Redis nothing is under way here, and BullMQ would wait for a connection that may never come.
      if (consumer.status === "ready") {
        await Promise.all(workers.map((worker) => worker.close()));
        await Promise.all([...queues.values()].map((queue) => queue.close()));
      }
      producer.disconnect();
      consumer.disconnect();
    },
  };
}
