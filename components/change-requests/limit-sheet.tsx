"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { AmountInput, Field, Input, RadioCards, readAmount } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ChangeKind, LimitUnit } from "#server/change-requests/change-kinds.values.ts";
import type { PolicyLimit } from "#server/change-requests/change-request-queries.ts";

/** A limit that somebody is about to change. */
export type LimitWish = Readonly<{ kind: ChangeKind; unit: LimitUnit; limit: PolicyLimit }>;

/** Changes how far a role acts alone in a kind. */
export default function LimitSheet({ wish, onClose }: { wish: LimitWish; onClose: () => void }) {
  const { changeRequests, common } = useTexts();
  const words = changeRequests.policy;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { kind, unit, limit } = wish;
  const [scope, setScope] = useState<"limit" | "none">(limit.limitMax === null ? "none" : "limit");
  const [text, setText] = useState((limit.limitMax ?? 0n).toLocaleString("en-US"));
  const [checked, setChecked] = useState(false);
  const amount = readAmount(text);
  const saving = useMutation(
    trpc.changeRequest.setLimit.mutationOptions({
      onSuccess: () => {
        toast(words.done);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.changeRequest.policy.queryFilter()),
    }),
  );
  const send = () => {
    setChecked(true);
    if (scope === "none") saving.mutate({ kind, role: limit.role, limitMax: null });
    else if (unit === "changes") saving.mutate({ kind, role: limit.role, limitMax: 0n });
    else if (amount !== null && amount <= 9_999_999_999_999n)
      saving.mutate({ kind, role: limit.role, limitMax: amount });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.sheetTitle}
      locked={saving.isPending}
      footer={
        <>
          <Button size="large" disabled={saving.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="flex-1" busy={saving.isPending} onClick={send}>
            {words.submit}
          </Button>
        </>
      }
    >
      <p className="rounded-panel bg-sunken px-3 py-2">
        <b className="font-semibold">{changeRequests.kinds[kind]}</b> {common.role[limit.role]}
      </p>
      <RadioCards
        legend={words.scope}
        legendHidden
        name="limit-scope"
        value={scope}
        options={[
          { value: "limit", label: unit === "changes" ? words.always : words.withLimit },
          { value: "none", label: unit === "changes" ? words.alone : words.withoutLimit },
        ]}
        onChange={setScope}
      />
      {scope === "limit" && unit !== "changes" ? (
        <Field
          label={words.amount}
          hint={words.amountHint}
          error={checked && (amount === null || amount > 9_999_999_999_999n) ? words.invalid : undefined}
        >
          {unit === "won" ? (
            <AmountInput value={text} onValueChange={setText} />
          ) : (
            <Input inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
      ) : null}
      <p className="text-ink-3">{words.effect}</p>
      {saving.isError ? <QueryError error={saving.error} title={words.failed} compact /> : null}
    </Sheet>
  );
}
