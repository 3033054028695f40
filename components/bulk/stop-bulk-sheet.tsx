"use client";

import { useMutation } from "@tanstack/react-query";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/modal.tsx";

/** Stops a bulk cancel for good: says what stays undone before it does. */
export function StopBulkSheet({
  runId,
  left,
  onStopped,
  onClose,
}: {
  runId: string;
  left: number;
  onStopped: () => void;
  onClose: () => void;
}) {
  const { bulk, common } = useTexts();
  const words = bulk.run;
  const trpc = useTRPC();
  const stopping = useMutation(
    trpc.bulkCancel.steer.mutationOptions({
      onSuccess: () => {
        onStopped();
        onClose();
      },
    }),
  );
  const leftWord = bulk.count(left);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.stopTitle}
      description={words.stopBody(leftWord)}
      footer={
        <>
          <Button size="large" onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look="dangerSolid"
            size="large"
            className="flex-1"
            busy={stopping.isPending}
            onClick={() => stopping.mutate({ runId, to: "stop" })}
          >
            {words.stopConfirm(leftWord)}
          </Button>
        </>
      }
    >
      {stopping.isError ? <QueryError compact error={stopping.error} title={words.steerError} /> : null}
    </Sheet>
  );
}
