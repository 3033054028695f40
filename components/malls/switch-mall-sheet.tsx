"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleMinus } from "lucide-react";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { ReasonField } from "#components/malls/reason-field.tsx";
import { useToast } from "#components/ui/toast.tsx";
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
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
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
  const send = () => {
    setChecked(true);
    if (reason.trim() === "") reasonRef.current?.focus();
    else sending.mutate({ mallId: mall.id, reason: reason.trim() });
  };
  return (
    <FormSheet
      title={words.title(mall.name)}
      submit={words.submit}
      danger={action === "suspend"}
      sending={sending}
      errorTitle={words.error}
      initialFocus={reasonRef}
      onSend={send}
      onClose={onClose}
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
      <ReasonField
        value={reason}
        onChange={setReason}
        isMissing={checked && reason.trim() === ""}
        placeholder={words.placeholder}
        inputRef={reasonRef}
      />
      {action === "suspend" ? <p className="text-ink-3">{malls.suspend.undo}</p> : null}
    </FormSheet>
  );
}
