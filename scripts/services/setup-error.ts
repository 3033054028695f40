/**
 * Something a person can put right (a port in use, a missing program, a broken setting).
 * The message is one line that says what to do; it is printed without a stack.
 */
export class SetupError extends Error {
  override name = "SetupError";
}

/** Prints what went wrong and ends the process: one line for a `SetupError`, the stack for a bug. */
export function exitWith(error: unknown): never {
  if (error instanceof SetupError) console.error(`\n✗ ${error.message}`);
  else console.error(error);
  process.exit(1);
}
