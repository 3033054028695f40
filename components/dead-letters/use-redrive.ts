"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import type { RedriveSelectionInput } from "#server/dead-letters/dead-letter.schemas.ts";
import type { PreviewedLetter, RedrivePreview } from "#server/dead-letters/preview-redrive.ts";
import type { RedriveResult } from "#server/dead-letters/redrive-dead-letters.ts";

type Previewed = Readonly<{ selection: RedriveSelectionInput; preview: RedrivePreview }>;
type Sent = Readonly<{ results: readonly RedriveResult[]; letters: ReadonlyMap<string, PreviewedLetter> }>;

/** One re-drive from the dry run to its results: nothing is sent before its preview was seen. */
export function useRedrive() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const [sent, setSent] = useState<Sent | null>(null);
  const previewing = useMutation(
    trpc.deadLetter.preview.mutationOptions({
      onSuccess: (preview, selection) => setPreviewed({ preview, selection }),
    }),
  );
  const sending = useMutation(
    trpc.deadLetter.redrive.mutationOptions({
      onSuccess: async (results) => {
        setSent({
          results,
          letters: new Map(previewed?.preview.letters.map((letter) => [letter.id, letter])),
        });
        setPreviewed(null);
        await queryClient.invalidateQueries(trpc.deadLetter.pathFilter());
      },
    }),
  );
  const { mutate: startPreview, reset: resetPreviewing } = previewing;
  const { mutate: startSending, reset: resetSending } = sending;

  const preview = useCallback(
    (selection: RedriveSelectionInput) => {
      resetSending();
      setSent(null);
      setPreviewed(null);
      startPreview(selection);
    },
    [startPreview, resetSending],
  );
  const send = useCallback(
    (reason: string) => {
      if (!previewed) return;
      const { selection, preview: seen } = previewed;
      startSending({
        selection,
        preview: { at: seen.at, count: seen.letters.length },
        exceptIds: seen.letters.filter((letter) => letter.outcome === "PERSON").map((letter) => letter.id),
        reason,
      });
    },
    [previewed, startSending],
  );
  const discard = useCallback(() => {
    resetPreviewing();
    resetSending();
    setPreviewed(null);
    setSent(null);
  }, [resetPreviewing, resetSending]);
  const byLetter = useMemo(
    () => new Map(previewed?.preview.letters.map((letter) => [letter.id, letter])),
    [previewed],
  );

  return { previewed, sent, previewing, sending, byLetter, preview, send, discard };
}

export type Redrive = ReturnType<typeof useRedrive>;
