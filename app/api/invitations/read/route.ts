import { serveInvitationRead } from "#server/operators/serve-invitation.ts";
import { runtime } from "#server/platform/runtime.ts";

export const POST = (request: Request) => serveInvitationRead(request, runtime());
