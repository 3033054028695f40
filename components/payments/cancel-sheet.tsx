"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useId, useRef, useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { CancelError } from "#components/payments/cancel-error.tsx";
import { CancelFacts } from "#components/payments/cancel-facts.tsx";
import { CancelFooter, UnansweredFooter } from "#components/payments/cancel-footer.tsx";
import { CancelPreviewTable } from "#components/payments/cancel-preview.tsx";
import { CancelReason, otherReason } from "#components/payments/cancel-reason.tsx";
import { type CancelResult, CancelResultNote } from "#components/payments/cancel-result.tsx";
import { CancelSubject } from "#components/payments/cancel-subject.tsx";
import { CancelUnanswered } from "#components/payments/cancel-unanswered.tsx";
import { isTurnedAway, isUnanswered } from "#components/payments/is-unanswered.ts";
import { QuickAmounts } from "#components/payments/quick-amount-buttons.tsx";
import { TypedAmount } from "#components/payments/typed-amount.tsx";
import { useBalanceChange } from "#components/payments/use-balance-change.ts";
import { useSettled } from "#components/payments/use-settled.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { AmountInput, Field, RadioCards, readAmount } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { cancelReasonMax, typedBecause } from "#server/payments/payment-search.values.ts";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

const previewEveryMs = 5_000;
const typingPauseMs = 250;

/** A request for approval that is being changed, with what it asks for. */
export type EditedRequest = Readonly<{
  requestId: string;
  version: number;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  reason: string;
}>;

/** What was sent, as it is sent again when no answer comes. */
type SentCancel = Readonly<{
  kind: "cancel" | "request";
  order: Readonly<{
    paymentKey: string;
    amountMinor: bigint;
    taxFreeMinor: bigint;
    currentCancelableMinor: bigint;
    reason: string;
    requestKey: string;
  }>;
}>;

type SheetProps = {
  record: PaymentRecord;
  editing?: EditedRequest;
  onOpenChange: (open: boolean) => void;
  /** The payment may have changed: read it again. */
  onChanged: () => void;
};

/**
 * Cancels a payment in full or in part: who, scope, amount, reason, what it will do, and only then the button (design §9).
 * Above the limit of one person the button asks for approval instead; with `editing` it changes such a request.
 */
export function CancelSheet({ open, ...props }: SheetProps & { open: boolean }) {
  // Each opening begins anew: nothing of an earlier cancel is left in the fields.
  return open ? <OpenSheet {...props} /> : null;
}

function OpenSheet({ record, editing, onOpenChange, onChanged }: SheetProps) {
  const texts = useTexts();
  const { common, changeRequests } = texts;
  const words = texts.payments.cancel;
  const language = useLanguage();
  const trpc = useTRPC();
  const toast = useToast();
  const money = (amountMinor: bigint) => formatMoney(amountMinor, language);

  const [scope, setScope] = useState<"full" | "partial">(
    editing && editing.amountMinor !== record.cancelable.balanceMinor ? "partial" : "full",
  );
  const [amountText, setAmountText] = useState(editing?.amountMinor.toLocaleString("en-US") ?? "");
  const [taxFreeText, setTaxFreeText] = useState(editing?.taxFreeMinor.toLocaleString("en-US") ?? "0");
  const [preset, setPreset] = useState(editing ? otherReason : "");
  const [reasonText, setReasonText] = useState(editing?.reason ?? "");
  const [typedText, setTypedText] = useState("");
  const [showErrors, setShowErrors] = useState(false);
  const [result, setResult] = useState<CancelResult | null>(null);
  const [requestId, setRequestId] = useState<string | null>(null);
  // One press is one cancel. Sent again it is `sent`, with its key; what the form sends after an error is another press.
  const [requestKey, setRequestKey] = useState(() => crypto.randomUUID());
  const [sent, setSent] = useState<SentCancel | null>(null);
  const [isLost, setIsLost] = useState(false);
  const amountBox = useRef<HTMLInputElement>(null);
  const bodyId = useId();

  const partialAmount = readAmount(amountText);
  const taxFree = readAmount(taxFreeText.trim() === "" ? "0" : taxFreeText);
  const isReadable = scope === "full" || (partialAmount !== null && taxFree !== null);
  const wish =
    scope === "full" || partialAmount === null || taxFree === null
      ? {}
      : { amountMinor: partialAmount.toString().slice(0, 10), taxFreeMinor: taxFree.toString().slice(0, 10) };
  const asked = useSettled(JSON.stringify(wish), typingPauseMs);

  const settled = {
    onSettled: () => {
      onChanged();
      void preview.refetch();
    },
  };
  const answered = {
    onError: (error: unknown) => {
      setIsLost((wasLost) => isUnanswered(error) || (wasLost && isTurnedAway(error)));
      setRequestKey(crypto.randomUUID());
    },
    ...settled,
  };
  const cancel = useMutation(
    trpc.payment.cancel.mutationOptions({ onSuccess: (done) => setResult(done), ...answered }),
  );
  const request = useMutation(
    trpc.payment.requestCancel.mutationOptions({
      onSuccess: (made) => setRequestId(made.requestId),
      ...answered,
    }),
  );
  const edit = useMutation(
    trpc.payment.editCancelRequest.mutationOptions({
      onSuccess: () => {
        toast(changeRequests.cancel.editDone);
        onOpenChange(false);
      },
      ...settled,
    }),
  );
  const isSending = cancel.isPending || request.isPending || edit.isPending;
  const preview = useQuery(
    trpc.payment.previewCancel.queryOptions(
      { paymentKey: record.id, ...(JSON.parse(asked) as typeof wish) },
      {
        enabled: isReadable,
        staleTime: 0,
        placeholderData: keepPreviousData,
        refetchInterval: isSending || result || requestId ? false : previewEveryMs,
      },
    ),
  );
  const shown = preview.data;
  const isCurrent =
    isReadable && asked === JSON.stringify(wish) && preview.isSuccess && !preview.isPlaceholderData;
  const balanceMinor = shown?.now.balanceMinor ?? record.cancelable.balanceMinor;
  const taxFreeLeftMinor = shown?.now.taxFreeMinor ?? record.cancelable.taxFreeMinor;
  const change = useBalanceChange(balanceMinor);

  const decided = isCurrent && shown?.change ? shown.change : null;
  const amountMinor = decided?.balanceMinor ?? null;
  const refusal = isCurrent ? shown?.refusal : null;
  const reason = (preset === otherReason || preset === "" ? [reasonText] : [preset, reasonText])
    .map((part) => part.trim())
    .filter(Boolean)
    .join(" · ");
  const needsApproval = Boolean(editing) || (isCurrent && shown?.approval.isNeeded === true);
  const openRequestId = editing ? null : (shown?.approval.openRequestId ?? null);
  // Whoever approves sees it again; nothing moves by asking.
  const typing =
    needsApproval || amountMinor === null || !shown
      ? null
      : typedBecause({ amountMinor, limitMinor: shown.approval.limitMinor });

  const errors = {
    amount:
      scope === "partial" && amountText.trim() !== "" && partialAmount === null
        ? texts.payments.filter.amountInvalid
        : refusal &&
            ["INVALID_AMOUNT", "NOT_CANCELABLE_AMOUNT", "NOT_ALLOWED_PARTIAL_CANCEL"].includes(refusal.code)
          ? texts.refusals[refusal.code]
          : showErrors && scope === "partial" && amountText.trim() === ""
            ? words.amountMissing
            : undefined,
    taxFree:
      taxFree === null
        ? words.taxFreeInvalid
        : refusal?.code === "TAX_FREE_AMOUNT_EXCEEDS"
          ? texts.refusals.TAX_FREE_AMOUNT_EXCEEDS
          : undefined,
    preset: showErrors && preset === "" ? words.reasonMissing : undefined,
    reason:
      reason.length > cancelReasonMax
        ? words.reasonTooLong(cancelReasonMax)
        : showErrors && preset === otherReason && reasonText.trim() === ""
          ? words.reasonDetailMissing
          : undefined,
    typed: showErrors && typing && readAmount(typedText) !== amountMinor ? words.typedMismatch : undefined,
  };

  function submit(): void {
    setShowErrors(true);
    const isComplete =
      preset !== "" &&
      reason !== "" &&
      reason.length <= cancelReasonMax &&
      (preset !== otherReason || reasonText.trim() !== "") &&
      (!typing || readAmount(typedText) === amountMinor);
    if (!isComplete) {
      // After the errors are shown, the first of them takes the focus.
      requestAnimationFrame(() =>
        document.getElementById(bodyId)?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
      );
      return;
    }
    if (!decided || !shown || amountMinor === null) return;
    const order = {
      paymentKey: record.id,
      amountMinor,
      taxFreeMinor: decided.taxFreeMinor,
      currentCancelableMinor: shown.now.balanceMinor,
      reason,
    };
    if (editing) edit.mutate({ ...order, requestId: editing.requestId, version: editing.version });
    else send({ kind: needsApproval ? "request" : "cancel", order: { ...order, requestKey } });
  }

  function send(next: SentCancel): void {
    setSent(next);
    if (next.kind === "request") request.mutate(next.order);
    else cancel.mutate({ ...next.order, language });
  }

  // Until its end is known there is no other form to press: the balance on the screen may already be what it left.
  const unanswered = isLost && !result && !requestId ? sent : null;
  const gone = shown && !shown.cancelable.allowed && !isSending;
  const asking = changeRequests.cancel;
  const close = () => onOpenChange(false);
  return (
    <Sheet
      open
      onOpenChange={onOpenChange}
      title={editing ? asking.editTitle : words.title}
      initialFocus={amountBox}
      locked={isSending}
      footer={
        unanswered ? (
          <UnansweredFooter
            kind={unanswered.kind}
            isSending={isSending}
            onClose={close}
            onAgain={() => send(unanswered)}
          />
        ) : result || requestId || gone ? (
          <Button size="large" className="flex-1" onClick={close}>
            {common.close}
          </Button>
        ) : (
          <CancelFooter
            does={editing ? "edit" : needsApproval ? "request" : "cancel"}
            amountMinor={amountMinor}
            isSending={isSending}
            isHeld={amountMinor === null || (needsApproval && openRequestId !== null)}
            onClose={close}
            onSubmit={submit}
          />
        )
      }
    >
      <CancelSubject record={record} />
      {result ? (
        <CancelResultNote result={result} />
      ) : requestId ? (
        <div role="status">
          <Note>
            <p className="font-semibold">{asking.done}</p>
            <p>
              {asking.doneBody}{" "}
              <Link href={`/change-requests/${requestId}`} className="underline underline-offset-2">
                {asking.see}
              </Link>
            </p>
          </Note>
        </div>
      ) : unanswered ? (
        <CancelUnanswered
          kind={unanswered.kind}
          amount={money(unanswered.order.amountMinor)}
          error={unanswered.kind === "cancel" ? cancel.error : request.error}
        />
      ) : gone ? (
        <ErrorBlock compact title={words.gone}>
          {texts.payments.page.whyNot[shown.cancelable.reasons[0] ?? ""]}
        </ErrorBlock>
      ) : (
        <div id={bodyId} className="flex flex-col gap-3">
          {change ? <Note tone="warn">{words.stale(money(change.before), money(change.after))}</Note> : null}
          {openRequestId ? (
            <Note tone="warn">
              {asking.open}{" "}
              <Link href={`/change-requests/${openRequestId}`} className="underline underline-offset-2">
                {asking.see}
              </Link>
            </Note>
          ) : null}
          {needsApproval && !editing && shown?.approval.limitMinor != null ? (
            <Note>
              {asking.needed(money(shown.approval.limitMinor))}
              {shown.approval.usedMinor > 0n ? ` ${asking.used(money(shown.approval.usedMinor))}` : null}
            </Note>
          ) : null}
          <CancelError error={cancel.error ?? request.error ?? edit.error} />
          <RadioCards
            legend={words.scope}
            legendHidden
            name="scope"
            value={scope}
            options={[
              { value: "full", label: words.full(money(balanceMinor)) },
              { value: "partial", label: words.partial, disabled: shown ? !shown.cancelable.partial : false },
            ]}
            onChange={(next) => {
              setScope(next);
              if (next === "partial") amountBox.current?.focus();
            }}
          />
          <div className="grid grid-cols-2 gap-3">
            <Field label={words.amount} hint={words.amountMax(money(balanceMinor))} error={errors.amount}>
              <AmountInput
                ref={amountBox}
                value={scope === "full" ? balanceMinor.toLocaleString("en-US") : amountText}
                onFocus={(event) => event.target.select()}
                onValueChange={(text) => {
                  // Leaving the field of a full cancel only groups the same digits again.
                  if (scope === "full" && readAmount(text) === balanceMinor) return;
                  setAmountText(text);
                  setScope("partial");
                }}
              />
            </Field>
            <Field
              label={words.taxFree}
              hint={words.taxFreeLeft(money(taxFreeLeftMinor))}
              error={errors.taxFree}
            >
              <AmountInput
                value={scope === "full" ? taxFreeLeftMinor.toLocaleString("en-US") : taxFreeText}
                disabled={scope === "full" || taxFreeLeftMinor === 0n}
                onFocus={(event) => event.target.select()}
                onValueChange={setTaxFreeText}
              />
            </Field>
          </div>
          {shown && !shown.cancelable.partial ? null : (
            <QuickAmounts
              left={{ balanceMinor, taxFreeMinor: taxFreeLeftMinor }}
              onChoose={({ amountMinor: chosen, taxFreeMinor }) => {
                setAmountText(chosen.toLocaleString("en-US"));
                setTaxFreeText(taxFreeMinor.toLocaleString("en-US"));
                setScope("partial");
              }}
            />
          )}
          <CancelReason
            preset={preset}
            text={reasonText}
            errors={errors}
            onPresetChange={setPreset}
            onTextChange={setReasonText}
          />
          {preview.isError && !shown ? (
            <QueryError
              compact
              error={preview.error}
              title={words.previewFailed}
              onRetry={() => void preview.refetch()}
              retrying={preview.isFetching}
            />
          ) : (
            <CancelPreviewTable preview={shown} current={isCurrent} />
          )}
          {typing && amountMinor !== null ? (
            <TypedAmount
              because={typing}
              amountMinor={amountMinor}
              limitMinor={shown?.approval.limitMinor ?? null}
              text={typedText}
              error={errors.typed}
              onTextChange={setTypedText}
            />
          ) : null}
          {shown ? (
            <CancelFacts preview={shown} stage={needsApproval ? "asking" : "direct"} current={isCurrent} />
          ) : null}
        </div>
      )}
    </Sheet>
  );
}
