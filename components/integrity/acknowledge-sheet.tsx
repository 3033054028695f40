"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { ReasonSheet } from "#components/layout/reason-sheet.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { incidentNoteLimit } from "#server/incidents/incident.values.ts";
import type { IncidentLine } from "#server/incidents/incident-queries.ts";

/** Says that somebody looks at an incident, with a note. */
export function AcknowledgeSheet({
  incident,
  onClose,
}: {
  incident: IncidentLine | null;
  onClose: () => void;
}) {
  // Each opening begins anew: nothing of an earlier note is left in the field.
  return incident ? <OpenSheet incident={incident} onClose={onClose} /> : null;
}

function OpenSheet({ incident, onClose }: { incident: IncidentLine; onClose: () => void }) {
  const { integrity } = useTexts();
  const words = integrity.acknowledge;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const sending = useMutation(
    trpc.incident.acknowledge.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.incident.pathFilter()),
    }),
  );
  return (
    <ReasonSheet
      title={words.title}
      submit={words.send}
      reason={{
        label: words.note,
        hint: words.noteHint,
        missing: words.noteMissing,
        placeholder: words.notePlaceholder,
        lengthMax: incidentNoteLimit,
      }}
      sending={sending}
      errorTitle={words.error}
      onSend={(note) => sending.mutate({ id: String(incident.id), note })}
      onClose={onClose}
    >
      <p className="break-all font-mono text-ink-2 text-meta">{incident.subjectId}</p>
      <p>{words.lead}</p>
    </ReasonSheet>
  );
}
