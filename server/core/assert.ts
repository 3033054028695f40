/** Stops on a broken promise of our own code: a bug, never something a client sent. */
export function assert(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${promise}`);
}
