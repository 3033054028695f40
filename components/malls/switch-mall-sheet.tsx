"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleMinus } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { ReasonSheet } from "#components/layout/reason-sheet.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { mallReasonLengthMax } from "#server/malls/mall.values.ts";
import type { MallRecord } from "#server/malls/mall-queries.ts";

/** Suspends or resumes a mall: what stops, what goes on, the reason, and only then the button. */
export function SwitchMallSheet({
  mall,
  action,
  onClose,
}: {
  mall: Pick<MallRecord, "id" | "name">;
  action: "suspend" | "resume";
  onClose: () => void;
}) {
  const { malls } = useTexts();
  const words = malls[action];
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const options = {
    onSuccess: () => {
      toast(words.done(mall.name));
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(trpc.mall.pathFilter()),
  };
  const suspending = useMutation(trpc.mall.suspend.mutationOptions(options));
  const resuming = useMutation(trpc.mall.resume.mutationOptions(options));
  const sending = action === "suspend" ? suspending : resuming;
  return (
    <ReasonSheet
      title={words.title(mall.name)}
      submit={words.submit}
      danger={action === "suspend"}
      reason={{
        label: malls.reason,
        hint: malls.reasonHint,
        missing: malls.reasonMissing,
        placeholder: words.placeholder,
        lengthMax: mallReasonLengthMax,
      }}
      sending={sending}
      errorTitle={words.error}
      onSend={(reason) => sending.mutate({ mallId: mall.id, reason })}
      onClose={onClose}
      after={action === "suspend" ? <p className="text-ink-3">{malls.suspend.undo}</p> : null}
    >
      {action === "suspend" ? (
        <dl className="grid gap-3 rounded-panel border border-line px-3 py-3">
          <div className="grid grid-cols-[24px_minmax(0,1fr)]">
            <dt className="col-start-2 row-start-1 font-semibold">{malls.suspend.stops}</dt>
            <CircleMinus
              aria-hidden
              className="col-start-1 row-start-1 mt-0.5 size-4 text-bad"
              strokeWidth={1.5}
            />
            <dd className="col-start-2 text-ink-2">{malls.suspend.stopsBody}</dd>
          </div>
          <div className="grid grid-cols-[24px_minmax(0,1fr)]">
            <dt className="col-start-2 row-start-1 font-semibold">{malls.suspend.goesOn}</dt>
            <CircleCheck
              aria-hidden
              className="col-start-1 row-start-1 mt-0.5 size-4 text-ok"
              strokeWidth={1.5}
            />
            <dd className="col-start-2 text-ink-2">{malls.suspend.goesOnBody}</dd>
          </div>
        </dl>
      ) : (
        <p>{malls.resume.body}</p>
      )}
    </ReasonSheet>
  );
}
