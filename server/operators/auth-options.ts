import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { clientAddressOf } from "#server/operators/client-address.ts";
import { endSession } from "#server/operators/sessions.ts";
import { sessionLifeSeconds, signIn } from "#server/operators/sign-in.ts";
import type { Context } from "#server/platform/context.ts";

declare module "next-auth" {
  interface User {
    sessionId: string;
  }
  interface Session {
    sessionId?: string;
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    sessionId?: string;
  }
}

/** What the sign-in page is told besides "wrong"; next-auth passes an error's message on. */
export type SignInError = "locked" | "too_many" | "unavailable";

function headerOf(headers: unknown, name: string): string | null {
  const value = (headers as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" ? value : null;
}

/**
 * next-auth as the door: it checks the CSRF token and keeps an encrypted cookie that carries a session id and nothing
 * else. Whether the session counts is asked of its row on every request (`readSession`).
 */
export function authOptions(context: Context): AuthOptions {
  const { env, log } = context;
  const secure = (env.NEXTAUTH_URL ?? env.PAYDECK_BASE_URL).startsWith("https:");
  // Browsers share cookies between ports, so two platforms on one machine need names of their own.
  const cookieName = (use: string) => (secure ? `__Host-paydeck-${use}` : `paydeck-${use}-${env.PORT}`);
  const cookie = (use: string) => ({
    name: cookieName(use),
    options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure },
  });
  return {
    secret: env.NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: sessionLifeSeconds },
    useSecureCookies: secure,
    cookies: { sessionToken: cookie("session"), csrfToken: cookie("csrf"), callbackUrl: cookie("callback") },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        async authorize(credentials, request) {
          const outcome = await signIn(context, {
            email: String(credentials?.email ?? ""),
            password: String(credentials?.password ?? ""),
            ipAddress: clientAddressOf(headerOf(request.headers, "x-forwarded-for")),
            userAgent: headerOf(request.headers, "user-agent"),
          }).catch((error: unknown) => {
            log.error({ err: error }, "a sign-in could not be checked");
            throw new Error("unavailable" satisfies SignInError);
          });
          if (outcome.kind === "signed_in") return { id: outcome.operatorId, sessionId: outcome.sessionId };
          if (outcome.because === "wrong") return null;
          throw new Error(outcome.because satisfies SignInError);
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id, sessionId: user.sessionId } : token),
      session: ({ session, token }) => ({
        expires: session.expires,
        ...(token.sessionId && { sessionId: token.sessionId }),
      }),
      // Only our own pages follow a sign-in.
      redirect: ({ url, baseUrl }) =>
        new URL(url, baseUrl).origin === new URL(baseUrl).origin ? url : baseUrl,
    },
    events: {
      async signOut({ token }) {
        if (token?.sessionId) await endSession(context, token.sessionId, null);
      },
    },
    logger: {
      error: (code, metadata) => {
        const cause = metadata instanceof Error ? metadata : metadata.error;
        log.error({ code, err: cause }, "next-auth reports an error");
      },
      warn: (code) => log.warn({ code }, "next-auth warns"),
      debug: (code) => log.debug({ code }, "next-auth"),
    },
  };
}
