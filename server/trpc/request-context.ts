import type { SignedInOperator } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";

/** What a procedure knows of its request. `operator` is null without a session, and when all that was asked for is turned away. */
export type RequestContext = Readonly<{
  context: Context;
  operator: SignedInOperator | null;
  traceId: string;
  ipAddress: string | null;
  /** Procedures of this request that are turned away because the platform is too busy just now. */
  turnedAway?: ReadonlySet<string>;
}>;
