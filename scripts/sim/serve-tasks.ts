import { parentPort } from "node:worker_threads";

/** The other end of `onThreads`: performs each task that comes and sends back its result. */
export function serveTasks<Task, Result>(perform: (task: Task) => Promise<Result>): void {
  parentPort?.on("message", async ({ index, task }: { index: number; task: Task }) => {
    try {
      parentPort?.postMessage({ index, result: await perform(task) });
    } catch (error) {
      // Thrown outside of the listener's promise, it ends the thread and reaches who started it.
      setImmediate(() => {
        throw error;
      });
    }
  });
}
