"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Checkbox, Field, Input, Select, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { EndpointLine } from "#server/webhooks/endpoint-queries.ts";
import { webhookEventTypes, webhookReasonLengthMax } from "#server/webhooks/webhook-console.values.ts";

type Change = "pause" | "resume" | "rotate" | "endOverlap" | "delete";

/** What a person is about to do to an endpoint, or to add. */
export type EndpointWish =
  | Readonly<{ action: "add" }>
  | Readonly<{ action: "edit"; endpoint: EndpointLine }>
  | Readonly<{ action: Change; endpoint: EndpointLine }>;

/** A secret that was made just now; it is nowhere else to be seen. */
type Made = Readonly<{ secret: string; previousUntil: Date | null }>;

/** Adds, edits, pauses, resumes, rotates or deletes an endpoint: what follows from it, the reason, and only then the button. */
export function EndpointSheet({ wish, onClose }: { wish: EndpointWish; onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <SecretSheet made={made} onClose={onClose} />;
  if (wish.action === "add" || wish.action === "edit")
    return (
      <SetUpSheet
        endpoint={wish.action === "edit" ? wish.endpoint : null}
        onMade={setMade}
        onClose={onClose}
      />
    );
  return <ChangeSheet action={wish.action} endpoint={wish.endpoint} onMade={setMade} onClose={onClose} />;
}

function SecretSheet({ made, onClose }: { made: Made; onClose: () => void }) {
  const { secret: words } = useTexts().webhooks.sheets;
  return (
    <Sheet
      open
      locked
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      footer={
        <Button look="primary" size="large" className="flex-1" onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <Note tone="warn">{words.body}</Note>
      <Field label={words.label}>
        <div className="flex items-center gap-1">
          <Input
            readOnly
            value={made.secret}
            onFocus={(event) => event.target.select()}
            className="font-mono"
            aria-label={words.label}
          />
          <CopyButton value={made.secret} what={words.label} />
        </div>
      </Field>
      {made.previousUntil ? (
        <p>
          <TimeInText at={made.previousUntil} format={formatSeoulTime} say={words.overlap} />
        </p>
      ) : null}
    </Sheet>
  );
}

/** The reason of a change; nothing is sent without it. */
function useReason() {
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const ref = useRef<HTMLTextAreaElement>(null);
  return {
    reason: reason.trim(),
    isMissing: checked && reason.trim() === "",
    check: () => setChecked(true),
    field: { ref, value: reason, onChange: setReason },
  };
}

function ReasonField({ reason, hint }: { reason: ReturnType<typeof useReason>; hint?: string }) {
  const { sheets } = useTexts().webhooks;
  const { ref, value, onChange } = reason.field;
  return (
    <Field
      label={sheets.reason}
      hint={hint ?? sheets.reasonHint}
      error={reason.isMissing ? sheets.reasonMissing : undefined}
    >
      <Textarea
        ref={ref}
        required
        rows={2}
        maxLength={webhookReasonLengthMax}
        placeholder={sheets.reasonPlaceholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

function SetUpSheet({
  endpoint,
  onMade,
  onClose,
}: {
  /** The one to edit; null to add one. */
  endpoint: EndpointLine | null;
  onMade: (made: Made) => void;
  onClose: () => void;
}) {
  const { webhooks, common } = useTexts();
  const { sheets } = webhooks;
  const words = endpoint ? sheets.edit : sheets.add;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const choices = useQuery({
    ...trpc.webhook.choices.queryOptions(),
    staleTime: 60_000,
    enabled: endpoint === null,
  });
  const [mallId, setMallId] = useState(endpoint?.mallId ?? "");
  const [url, setUrl] = useState(endpoint?.url ?? "");
  const [types, setTypes] = useState<readonly string[]>(endpoint?.types ?? []);
  const [isUrlMissing, setIsUrlMissing] = useState(false);
  const urlRef = useRef<HTMLInputElement>(null);
  const reason = useReason();
  const onSettled = () => queryClient.invalidateQueries(trpc.webhook.pathFilter());
  const adding = useMutation(
    trpc.webhook.addEndpoint.mutationOptions({
      onSuccess: ({ secret }) => onMade({ secret, previousUntil: null }),
      onSettled,
    }),
  );
  const editing = useMutation(
    trpc.webhook.editEndpoint.mutationOptions({
      onSuccess: () => {
        toast(sheets.edit.done);
        onClose();
      },
      onSettled,
    }),
  );
  const sending = endpoint ? editing : adding;
  const chosenMall = mallId || (choices.data?.malls[0]?.id ?? "");
  const refusal = refusalOf(sending.error);
  const urlRefused =
    refusal?.code === "INVALID_WEBHOOK_URL"
      ? (sheets.urlReasons[String(refusal.facts.because)] ?? sheets.urlHint)
      : undefined;
  const send = () => {
    reason.check();
    setIsUrlMissing(url.trim() === "");
    if (url.trim() === "") urlRef.current?.focus();
    else if (reason.reason === "") reason.field.ref.current?.focus();
    else {
      const common = {
        url: url.trim(),
        types: webhookEventTypes.filter((type) => types.includes(type)),
        reason: reason.reason,
      };
      if (endpoint) editing.mutate({ ...common, mallId: endpoint.mallId, endpointId: endpoint.id });
      else adding.mutate({ ...common, mallId: chosenMall });
    }
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      locked={sending.isPending}
      footer={
        <>
          <Button size="large" disabled={sending.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="flex-1" busy={sending.isPending} onClick={send}>
            {words.submit}
          </Button>
        </>
      }
    >
      {endpoint ? (
        <p>{sheets.edit.body}</p>
      ) : (
        <Field label={sheets.mall}>
          <Select value={chosenMall} onChange={(event) => setMallId(event.target.value)}>
            {(choices.data?.malls ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field label={sheets.url} hint={sheets.urlHint} error={isUrlMissing ? sheets.urlMissing : urlRefused}>
        <Input
          ref={urlRef}
          type="url"
          required
          spellCheck={false}
          autoComplete="off"
          placeholder="https://shop.example.com/paydeck/webhooks"
          value={url}
          onChange={(event) => {
            setUrl(event.target.value);
            if (sending.isError) sending.reset();
          }}
        />
      </Field>
      <fieldset className="min-w-0">
        <legend className="mb-1">
          <span className="font-semibold">{sheets.types}</span>{" "}
          <span className="text-ink-3">{sheets.typesHint}</span>
        </legend>
        <div lang="en" className="grid grid-cols-2 gap-x-3 max-wide:grid-cols-1">
          {webhookEventTypes.map((type) => (
            <Checkbox
              key={type}
              label={type}
              checked={types.includes(type)}
              onChange={(event) =>
                setTypes(event.target.checked ? [...types, type] : types.filter((other) => other !== type))
              }
            />
          ))}
        </div>
      </fieldset>
      <ReasonField reason={reason} />
      {sending.isError && urlRefused === undefined ? (
        <QueryError error={sending.error} title={words.error} onRetry={send} compact />
      ) : null}
    </Sheet>
  );
}

function ChangeSheet({
  action,
  endpoint,
  onMade,
  onClose,
}: {
  action: Change;
  endpoint: EndpointLine;
  onMade: (made: Made) => void;
  onClose: () => void;
}) {
  const { webhooks, common } = useTexts();
  const { sheets } = webhooks;
  const words = sheets[action];
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const reason = useReason();
  const finish = (text: string) => {
    toast(text);
    onClose();
  };
  const onSettled = () => queryClient.invalidateQueries(trpc.webhook.pathFilter());
  const pause = useMutation(
    trpc.webhook.pauseEndpoint.mutationOptions({ onSuccess: () => finish(sheets.pause.done), onSettled }),
  );
  const resume = useMutation(
    trpc.webhook.resumeEndpoint.mutationOptions({ onSuccess: () => finish(sheets.resume.done), onSettled }),
  );
  const endOverlap = useMutation(
    trpc.webhook.endPreviousSecret.mutationOptions({
      onSuccess: () => finish(sheets.endOverlap.done),
      onSettled,
    }),
  );
  const remove = useMutation(
    trpc.webhook.deleteEndpoint.mutationOptions({ onSuccess: () => finish(sheets.delete.done), onSettled }),
  );
  const rotate = useMutation(
    trpc.webhook.rotateSecret.mutationOptions({
      onSuccess: ({ secret, previousSecretExpiresAt: until }) =>
        onMade({ secret, previousUntil: until === undefined ? null : new Date(until) }),
      onSettled,
    }),
  );
  const sending = { pause, resume, rotate, endOverlap, delete: remove }[action];
  const send = () => {
    reason.check();
    if (reason.reason === "") reason.field.ref.current?.focus();
    else sending.mutate({ mallId: endpoint.mallId, endpointId: endpoint.id, reason: reason.reason });
  };
  const isDestructive = action === "delete" || action === "endOverlap";
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      initialFocus={reason.field.ref}
      locked={sending.isPending}
      footer={
        <>
          <Button size="large" disabled={sending.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look={isDestructive ? "dangerSolid" : "primary"}
            size="large"
            className="flex-1"
            busy={sending.isPending}
            onClick={send}
          >
            {words.submit}
          </Button>
        </>
      }
    >
      <p className="[overflow-wrap:anywhere]">
        <b className="font-semibold">{endpoint.mallName}</b>{" "}
        <span className="text-ink-2">{endpoint.url}</span>
      </p>
      <p>{words.body}</p>
      {(action === "pause" || action === "delete") && endpoint.open > 0 ? (
        <Note tone="warn">{sheets[action].waiting(endpoint.open)}</Note>
      ) : null}
      {action === "rotate" && endpoint.previousSecretExpiresAt ? (
        <Note tone="warn">{sheets.rotate.overlapNow}</Note>
      ) : null}
      {action === "delete" ? <p className="text-ink-3">{sheets.delete.kept}</p> : null}
      <ReasonField reason={reason} {...(action === "pause" && { hint: sheets.pauseReasonHint })} />
      {sending.isError ? (
        <QueryError error={sending.error} title={words.error} onRetry={send} compact />
      ) : null}
    </Sheet>
  );
}
