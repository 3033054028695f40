"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import { refusalOf } from "#components/layout/refusal-text.ts";
import type { AppRouter } from "#server/trpc/root.ts";

export const { TRPCProvider: TypedProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** Sends a person whose session ended to sign in, and back here afterwards. */
function leaveWhenSignedOut(error: unknown): void {
  if (refusalOf(error)?.code !== "SIGNED_OUT") return;
  const from = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?ended=1&from=${encodeURIComponent(from)}`);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A refusal stays a refusal; a lost connection, a busy server or an answer that did not come along with its
        // document is worth another try.
        retry: (failures, error) => failures < 2 && (refusalOf(error)?.retryable ?? true),
      },
      // Money is never sent twice by itself.
      mutations: { retry: false },
    },
  });
}

const door = { url: "/api/trpc", transformer: superjson };

/**
 * Lets everything below ask the server: `useTRPC()` with React Query. Queries of one moment travel together, apart from
 * one that may be slow (`trpc: { context: { skipBatch: true } }`): the others do not wait for it. Mutations are POST.
 */
export function TrpcProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ context }) => context.skipBatch === true,
          true: httpLink(door),
          false: httpBatchLink({ ...door, maxURLLength: 2_000 }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TypedProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TypedProvider>
    </QueryClientProvider>
  );
}
