import { dehydrate, HydrationBoundary, type Query, QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { requireOperator } from "#app/(console)/operator.ts";
import { newTraceId } from "#server/core/ids.ts";
import { runtime } from "#server/platform/runtime.ts";
import { type AppRouter, appRouter } from "#server/trpc/root.ts";

/** The page does not wait longer than this. */
const waitMs = 250;

/**
 * A page along with the answers to what it asks first, so that its rows stand in the document and nobody waits for a
 * second way to the server. `ask` names the questions by the same options as the page's own; each goes through its
 * procedure, with the permission it needs. One that fails or is late is asked for by the page, as ever: an answer that
 * followed behind the document could arrive before the page has taken it over, which then is not what the document shows.
 *
 * Only a document is answered like this. A step within the console keeps what the browser already holds: a list that
 * one comes back to is the one that was left. `paydeck-answers: none` leaves them out for who watches a page ask.
 */
export async function WithAnswers({
  ask,
  children,
}: {
  ask: (trpc: TRPCOptionsProxy<AppRouter>, queryClient: QueryClient) => readonly Promise<unknown>[];
  children: ReactNode;
}) {
  const asked = await headers();
  const { admission } = runtime();
  if (
    asked.get("sec-fetch-dest") !== "document" ||
    asked.get("paydeck-answers") === "none" ||
    admission.turnsAway("console_read")
  )
    return children;
  const operator = await requireOperator();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const trpc = createTRPCOptionsProxy<AppRouter>({
    ctx: { context: runtime(), operator, traceId: newTraceId(), ipAddress: null },
    router: appRouter,
    queryClient,
  });
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, waitMs);
  await Promise.race([Promise.all(ask(trpc, queryClient)), late.promise]);
  clearTimeout(timer);
  const state = dehydrate(queryClient, { shouldDehydrateQuery: hasAnswer });
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}

function hasAnswer({ state }: Query): boolean {
  return state.status === "success";
}
