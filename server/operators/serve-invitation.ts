import { newTraceId } from "#server/core/ids.ts";
import { Refusal, refusals } from "#server/core/refusals.ts";
import { clientAddressOf } from "#server/operators/client-address.ts";
import { acceptInvitation, limitInvitationTries, readInvitation } from "#server/operators/invite-operator.ts";
import { acceptInvitationInput, readInvitationInput } from "#server/operators/operator-input.ts";
import type { Context } from "#server/platform/context.ts";
import { isSameOrigin } from "#server/trpc/is-same-origin.ts";

const bodyBytesMax = 4_096;

type InvitationContext = Pick<Context, "sql" | "ids" | "redis" | "log">;

/** Answers whom a link invites. A POST, so that the token stands in no address and in no log. */
export function serveInvitationRead(request: Request, context: InvitationContext): Promise<Response> {
  return serve(request, context, async (body) =>
    readInvitation(context, readInvitationInput.parse(body).token),
  );
}

/** Accepts an invitation with a name and a password. */
export function serveInvitationAccept(request: Request, context: InvitationContext): Promise<Response> {
  return serve(request, context, async (body, ipAddress) =>
    acceptInvitation(context, { ...acceptInvitationInput.parse(body), ipAddress }),
  );
}

/** Nobody is signed in here: what counts is the token, that a page of ours sent it, and how often one address tries. */
async function serve(
  request: Request,
  context: InvitationContext,
  answer: (body: unknown, ipAddress: string | null) => Promise<unknown>,
): Promise<Response> {
  const traceId = newTraceId();
  const headers = { "paydeck-trace-id": traceId, "cache-control": "no-store" };
  try {
    if (!isSameOrigin(request)) throw new Refusal("FORBIDDEN_SCOPE");
    if (!request.headers.get("content-type")?.startsWith("application/json"))
      throw new Refusal("UNSUPPORTED_MEDIA_TYPE");
    const ipAddress = clientAddressOf(request.headers.get("x-forwarded-for"));
    await limitInvitationTries(context, ipAddress);
    const text = await request.text();
    if (text.length > bodyBytesMax) throw new Refusal("REQUEST_TOO_LARGE");
    return Response.json(await answer(readJson(text), ipAddress), { headers });
  } catch (error) {
    const code = codeOf(error);
    if (code === "INTERNAL_ERROR")
      context.log.error({ err: error, trace: { id: traceId } }, "an invitation could not be answered");
    return Response.json(
      { error: { code, message: refusals[code].en, traceId } },
      { status: refusals[code].status, headers },
    );
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("INVALID_REQUEST");
  }
}

function codeOf(error: unknown): Refusal["code"] {
  if (error instanceof Refusal) return error.code;
  return (error as { name?: unknown } | null)?.name === "ZodError" ? "INVALID_REQUEST" : "INTERNAL_ERROR";
}
