"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useApprovingChange } from "#components/malls/approving.ts";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { ReasonField } from "#components/malls/reason-field.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ContractLine } from "#server/malls/mall-queries.ts";

/** Takes back a version that has not begun, with a reason. */
export function WithdrawContractSheet({
  mallId,
  contract,
  onClose,
}: {
  mallId: string;
  contract: ContractLine;
  onClose: () => void;
}) {
  const { malls, common } = useTexts();
  const words = malls.contracts.withdraw;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const sending = useMutation(
    trpc.mall.withdrawContract.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.mall.pathFilter()),
    }),
  );
  const approving = useApprovingChange("CONTRACT_CHANGE");
  const requesting = useMutation(
    trpc.mall.requestContractChange.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.changeRequest.ofSubject.pathFilter()),
    }),
  );
  const wish = { action: "WITHDRAW" as const, contractId: contract.id };
  const send = () => {
    setChecked(true);
    if (reason.trim() === "") reasonRef.current?.focus();
    else if (approving.isNeeded) requesting.mutate({ mallId, wish, reason: reason.trim() });
    else sending.mutate({ mallId, contractId: contract.id, reason: reason.trim() });
  };
  return (
    <FormSheet
      title={words.title}
      submit={words.submit}
      danger
      sending={approving.isNeeded ? requesting : sending}
      approving={approving}
      hasReason
      requestId={requesting.data?.requestId}
      errorTitle={words.error}
      initialFocus={reasonRef}
      onSend={send}
      onClose={onClose}
    >
      <p>
        <DatesInText>{words.body(common.method[contract.method], contract.effectiveFrom)}</DatesInText>
      </p>
      <ReasonField
        value={reason}
        onChange={setReason}
        isMissing={checked && reason.trim() === ""}
        placeholder=""
        inputRef={reasonRef}
      />
    </FormSheet>
  );
}
