"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { itemName, riskOf } from "#components/reconciliation/item-words.ts";
import { ClassBadge } from "#components/reconciliation/recon-badges.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { reconReasonMax } from "#server/reconciliation/reconciliation.values.ts";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** So many stand in the list; the rest is a number. */
const listedMax = 8;

/** Explains differences as they are, with one reason: no money moves, so nobody else is asked. */
export function AcceptSheet({ items, onClose }: { items: readonly ReconItemRow[]; onClose: () => void }) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.accept;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const [isSending, setSending] = useState(false);
  const [failed, setFailed] = useState<Readonly<{ count: number; error: unknown }> | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const accepting = useMutation(trpc.reconciliation.accept.mutationOptions());
  async function send(): Promise<void> {
    setSending(true);
    setFailed(null);
    let count = 0;
    let error: unknown;
    for (const { id } of items)
      await accepting.mutateAsync({ itemId: id, reason: reason.trim() }).catch((cause: unknown) => {
        count++;
        error = cause;
      });
    setSending(false);
    void queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
    if (count === 0) {
      toast(words.done(items.length));
      onClose();
    } else setFailed({ count, error });
  }
  const submit = () => {
    setMissing(reason.trim() === "");
    if (reason.trim() === "") field.current?.focus();
    else void send();
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(items.length)}
      description={words.lead}
      initialFocus={field}
      locked={isSending}
      footer={
        <>
          <Button size="large" disabled={isSending} onClick={onClose}>
            {common.close}
          </Button>
          {failed ? null : (
            <Button look="primary" size="large" className="flex-1" busy={isSending} onClick={submit}>
              {words.submit(items.length, formatMoney(riskOf(items), language))}
            </Button>
          )}
        </>
      }
    >
      <section aria-label={words.list} className="rounded-panel bg-sunken px-3 py-2">
        <ul className="grid gap-y-1">
          {items.slice(0, listedMax).map((item) => (
            <li key={String(item.id)} className="flex items-center gap-2">
              <ClassBadge item={item} />
              <span className="min-w-0 flex-1 truncate" title={itemName(item)}>
                {itemName(item)}
              </span>
              <Money amountMinor={item.riskMinor} className="tabular-nums" />
            </li>
          ))}
        </ul>
        {items.length > 1 ? (
          <p className="mt-1 flex gap-2 border-line-2 border-t pt-1 font-semibold">
            <span className="flex-1">
              {words.sum(items.length)}
              {items.length > listedMax ? (
                <span className="ml-2 font-normal text-ink-3">{words.more(items.length - listedMax)}</span>
              ) : null}
            </span>
            <Money amountMinor={riskOf(items)} />
          </p>
        ) : null}
      </section>
      <Field
        label={words.label}
        hint={words.hint}
        error={isMissing && reason.trim() === "" ? words.missing : undefined}
      >
        <Textarea
          ref={field}
          required
          rows={2}
          value={reason}
          maxLength={reconReasonMax}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <Note>{words.stands}</Note>
      {failed ? (
        <QueryError
          compact
          error={failed.error}
          title={items.length === 1 ? words.error : words.someFailed(failed.count)}
        />
      ) : null}
    </Sheet>
  );
}
