"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { SessionList } from "#components/people/session-list.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useToast } from "#components/ui/toast.tsx";

const refreshEveryMs = 15_000;

/** One's own open sessions. */
export function OwnSessionsScreen() {
  const words = useTexts().people.sessions;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const query = useQuery(
    trpc.operator.ownSessions.queryOptions(undefined, { refetchInterval: refreshEveryMs }),
  );
  const ending = useMutation(
    trpc.operator.endOwnSession.mutationOptions({
      onSuccess: () => toast(words.ended),
      onSettled: () => queryClient.invalidateQueries(trpc.operator.ownSessions.queryFilter()),
    }),
  );
  return (
    <div className="flex flex-1 flex-col">
      <PageHeader title={words.title} />
      <div className="max-w-200 px-6 pb-8 max-wide:px-4">
        <p className="pb-3 text-ink-2">{words.lead}</p>
        {ending.isError ? <QueryError error={ending.error} title={words.failed} compact /> : null}
        {query.data ? (
          <SessionList
            sessions={query.data.sessions}
            currentId={query.data.currentId}
            endingId={ending.isPending ? ending.variables.sessionId : null}
            onEnd={(sessionId) => ending.mutate({ sessionId })}
          />
        ) : query.isError ? (
          <QueryError
            error={query.error}
            title={words.loadFailed}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <Skeleton className="h-12 w-full" />
        )}
      </div>
    </div>
  );
}
