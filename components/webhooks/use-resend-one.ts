"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { newRequestId } from "#components/webhooks/request-id.ts";
import type { SentAgain } from "#server/webhooks/send-again.ts";

/**
 * Sends one delivery again. A click that arrives twice sends once: whoever uses this gives its component a new key with
 * each round of tries, which is a wish of its own. `result` is what was done of it.
 */
export function useResendOne(id: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [result, setResult] = useState<SentAgain["result"] | null>(null);
  const requestId = useMemo(newRequestId, []);
  const resend = useMutation(
    trpc.webhook.resend.mutationOptions({
      onSuccess: async (sent) => {
        setResult(sent.result);
        await queryClient.invalidateQueries(trpc.webhook.pathFilter());
      },
    }),
  );
  return {
    send: () => resend.mutate({ id, requestId }),
    isSending: resend.isPending,
    error: resend.error,
    result,
  };
}
