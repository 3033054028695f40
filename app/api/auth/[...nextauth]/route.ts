import NextAuth from "next-auth";
import { authOptions } from "#server/operators/auth-options.ts";
import { runtime } from "#server/platform/runtime.ts";

type Route = { params: Promise<{ nextauth: string[] }> };

const handle = (request: Request, route: Route): Promise<Response> =>
  NextAuth(request as Parameters<typeof NextAuth>[0], route as never, authOptions(runtime()));

export { handle as GET, handle as POST };
