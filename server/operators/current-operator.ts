import { getServerSession } from "next-auth";
import { authOptions } from "#server/operators/auth-options.ts";
import type { SignedInOperator } from "#server/operators/permissions.ts";
import { readSession } from "#server/operators/sessions.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * The person behind the request being answered (its cookies are read from Next), or null. A database that cannot be asked
 * throws instead of answering null: nobody is sent to sign in for an outage.
 */
export async function currentOperator(context: Context): Promise<SignedInOperator | null> {
  const session = await getServerSession(authOptions(context));
  return session?.sessionId ? readSession(context, session.sessionId) : null;
}
