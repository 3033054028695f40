import type { SignedInOperator } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";

/** What a procedure knows of its request. `operator` is null until `operatorProcedure` has asked for it. */
export type RequestContext = Readonly<{
  context: Context;
  operator: SignedInOperator | null;
  traceId: string;
  ipAddress: string | null;
}>;
