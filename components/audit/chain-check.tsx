"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck, X } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { TimeInText } from "#components/ui/date-time.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

/** Has the server compute the whole chain again. The check itself is recorded, so the log is read anew afterwards. */
export function useChainCheck() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.audit.verify.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.audit.pathFilter()),
    }),
  );
}

export type ChainCheckRun = ReturnType<typeof useChainCheck>;

export function ChainCheckButton({ check }: { check: ChainCheckRun }) {
  const { audit } = useTexts();
  return (
    <Button busy={check.isPending} onClick={() => check.mutate()}>
      {check.isPending ? null : <ShieldCheck aria-hidden className="size-4" strokeWidth={1.5} />}
      {check.isPending ? audit.verify.running : audit.verify.button}
    </Button>
  );
}

/** What the check found: quiet when all is well, loud when an entry does not fit. */
export function ChainCheckResult({ check, onShow }: { check: ChainCheckRun; onShow: (seq: bigint) => void }) {
  const { audit, common } = useTexts();
  const words = audit.verify;
  if (check.isError) {
    return (
      <div className="px-6 pb-2 max-wide:px-4">
        <QueryError
          error={check.error}
          title={words.error}
          onRetry={() => check.mutate()}
          retrying={check.isPending}
          compact
        />
      </div>
    );
  }
  if (!check.data) return null;
  const { brokenAtSeq, entries, checkedAt } = check.data;
  const sound = brokenAtSeq === null;
  const Icon = sound ? ShieldCheck : ShieldAlert;
  return (
    <div
      role={sound ? "status" : "alert"}
      className={classes(
        "mx-6 mb-2 flex items-start gap-2.5 rounded-panel py-2 pr-2 pl-3 max-wide:mx-4",
        sound ? "bg-ok-bg" : "bg-bad-bg",
      )}
    >
      <Icon
        aria-hidden
        className={classes("mt-0.5 size-4 shrink-0", sound ? "text-ok" : "text-bad")}
        strokeWidth={1.75}
      />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{sound ? words.sound(entries) : words.broken(brokenAtSeq)}</p>
        <p className="text-ink-2">
          {sound ? <TimeInText at={checkedAt} say={words.soundBody} /> : words.brokenBody}
        </p>
      </div>
      {sound ? null : (
        <Button size="small" onClick={() => onShow(brokenAtSeq)}>
          {words.show}
        </Button>
      )}
      <IconButton icon={X} label={common.close} size="iconSmall" onClick={() => check.reset()} />
    </div>
  );
}
