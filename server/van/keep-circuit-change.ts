import type { Context } from "#server/platform/context.ts";
import type { CircuitState, MessageFailure } from "#server/van/domain/circuit.ts";
import type { VanProcess } from "#server/van/report-van-health.ts";
import { insertCircuitChange } from "#server/van/van-repository.ts";

/** A change of the circuit of one VAN in this process, with what went wrong. */
export type CircuitChange = Readonly<{
  vanCode: string;
  from: CircuitState;
  to: CircuitState;
  reason: MessageFailure | null;
  at: Date;
}>;

/**
 * Keeps a change of a circuit for the history. Nobody waits for it and it never throws: a circuit must open although the
 * database is away, and then the log alone has it.
 */
export function keepCircuitChange(
  ctx: Pick<Context, "sql" | "log">,
  process: VanProcess,
  change: CircuitChange,
): void {
  insertCircuitChange(ctx.sql, process, change).catch((error: unknown) =>
    ctx.log.warn({ err: error, labels: { van: change.vanCode } }, "a circuit change was not kept"),
  );
}
