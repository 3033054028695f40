import { type QueueName, queueNames } from "#server/platform/job.ts";
import type { Log } from "#server/platform/log.ts";

/** How the canary reaches BullMQ. */
export type Perch = Readonly<{
  isUp(): boolean;
  /** Puts a job that does nothing at the head of a queue; returns its id. */
  sendCanary(queue: QueueName): Promise<string>;
  /** True while that job has not been completed. */
  hasCanary(queue: QueueName, id: string): Promise<boolean>;
}>;

export const canaryTurnMs = 5_000;
/** Turns without one between a canary that came through and the next: a job every 15 seconds. */
const turnsOfRest = 1;
/** Turns for which one may be missing: 60 seconds. Counted by turns, so that a pause of the process itself is none. */
const turnsMissingMax = 12;

type Flight = { id: string; turns: number };

/**
 * Finds out that BullMQ takes jobs and no longer hands them out, which after a failover of Redis it can do without saying
 * so (reliability §1): each turn looks whether the canary of each queue came through. Call the result every
 * `canaryTurnMs`; while Redis is away it waits, because then the outbox is drained directly.
 */
export function canaryTurn(bull: Perch, log: Log, onStuck: (queue: QueueName) => void): () => Promise<void> {
  const flights = new Map<QueueName, Flight>();
  const rests = new Map<QueueName, number>();
  return async () => {
    if (!bull.isUp()) {
      flights.clear();
      return;
    }
    for (const queue of queueNames) {
      const flight = flights.get(queue);
      if (!flight) {
        const rest = rests.get(queue) ?? 0;
        if (rest > 0) rests.set(queue, rest - 1);
        else flights.set(queue, { id: await bull.sendCanary(queue), turns: 0 });
      } else if (!(await bull.hasCanary(queue, flight.id))) {
        flights.delete(queue);
        rests.set(queue, turnsOfRest);
      } else {
        flight.turns++;
        if (flight.turns < turnsMissingMax) continue;
        flights.clear();
        log.fatal(
          { labels: { queue } },
          `queue ${queue} takes jobs and hands none out: this worker ends and is started again`,
        );
        onStuck(queue);
        return;
      }
    }
  };
}
