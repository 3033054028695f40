import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** How many worlds run at once: each keeps a processor and a PostgreSQL session busy. */
const threadsDefault = Math.max(1, Math.min(4, availableParallelism()));

/** Performs tasks on threads of their own, in their order, and hands over each result in the order of the tasks. */
export async function onThreads<Task, Result>(
  program: URL,
  workerData: unknown,
  tasks: readonly Task[],
  {
    take,
    isOver = () => false,
    threads = threadsDefault,
  }: {
    take: (result: Result, index: number) => void;
    /** Asked before each task: true ends the run with those under way. */
    isOver?: () => boolean;
    threads?: number;
  },
): Promise<void> {
  const results = new Map<number, Result>();
  let next = 0;
  let taken = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(program, { workerData });
      const give = () => {
        const index = next++;
        if (index < tasks.length && !isOver()) worker.postMessage({ index, task: tasks[index] });
        else void worker.terminate().then(() => resolve());
      };
      worker.on("message", ({ index, result }: { index: number; result: Result }) => {
        results.set(index, result);
        for (let ready = results.get(taken); ready !== undefined; ready = results.get(taken)) {
          results.delete(taken);
          take(ready, taken++);
        }
        give();
      });
      worker.once("error", reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, one));
}
