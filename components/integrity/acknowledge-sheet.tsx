"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
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
  const { integrity, common } = useTexts();
  const words = integrity.acknowledge;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState(false);
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const sending = useMutation(
    trpc.incident.acknowledge.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.incident.pathFilter()),
    }),
  );
  const send = () => {
    setChecked(true);
    if (note.trim() === "") noteRef.current?.focus();
    else sending.mutate({ id: String(incident.id), note: note.trim() });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      initialFocus={noteRef}
      locked={sending.isPending}
      footer={
        <>
          <Button size="large" disabled={sending.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="flex-1" busy={sending.isPending} onClick={send}>
            {words.send}
          </Button>
        </>
      }
    >
      <p className="break-all font-mono text-ink-2 text-meta">{incident.subjectId}</p>
      <p>{words.lead}</p>
      <Field
        label={words.note}
        hint={words.noteHint}
        error={checked && note.trim() === "" ? words.noteMissing : undefined}
      >
        <Textarea
          ref={noteRef}
          value={note}
          maxLength={incidentNoteLimit}
          placeholder={words.notePlaceholder}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      {sending.isError ? (
        <QueryError error={sending.error} title={words.error} onRetry={send} retrying={false} compact />
      ) : null}
    </Sheet>
  );
}
