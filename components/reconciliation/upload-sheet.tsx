"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, FileUp } from "lucide-react";
import Link from "next/link";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { dayHref } from "#components/reconciliation/reconciliation-url.ts";
import {
  type ExpectedFile,
  type SentFile,
  sendFile,
  type UploadRefusal,
} from "#components/reconciliation/send-file.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { fileBytesMax, fileKinds } from "#server/reconciliation/reconciliation.values.ts";
import type { UploadedFile } from "#server/reconciliation/upload-file.ts";

type Stage =
  | Readonly<{ at: "choosing" }>
  | Readonly<{ at: "sending"; name: string; share: number }>
  | Readonly<{ at: "ended"; name: string; outcome: SentFile | { kind: "too_large" } }>;

/**
 * Sends a VAN's daily file or a deposit file: chosen or dropped, with how much of it is sent, then what came of it. Of
 * which VAN and day it is stands in the file; with `expected` another is refused. A refused one changes nothing.
 */
export function UploadSheet({
  expected = null,
  onClose,
}: {
  expected?: ExpectedFile | null;
  onClose: () => void;
}) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.upload;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [stage, setStage] = useState<Stage>({ at: "choosing" });
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<(() => void) | null>(null);
  // Whoever leaves the page does not go on sending.
  useEffect(() => () => stop.current?.(), []);

  async function send(file: File | undefined): Promise<void> {
    if (!file) return;
    if (file.size > fileBytesMax)
      return setStage({ at: "ended", name: file.name, outcome: { kind: "too_large" } });
    setStage({ at: "sending", name: file.name, share: 0 });
    const sending = sendFile(file, expected, (share) =>
      setStage((now) => (now.at === "sending" ? { ...now, share } : now)),
    );
    stop.current = sending.stop;
    const outcome = await sending.sent;
    stop.current = null;
    setStage({ at: "ended", name: file.name, outcome });
    if (outcome.kind === "imported") void queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
  }
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  const isSending = stage.at === "sending";
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={expected ? words.titleOf(expected.businessDate, expected.vanCode) : words.title}
      description={expected ? words.leadOf : words.lead}
      locked={isSending}
      footer={
        <>
          <Button size="large" disabled={isSending} onClick={onClose}>
            {common.close}
          </Button>
          {isSending ? (
            <Button size="large" className="ml-auto" onClick={() => stop.current?.()}>
              {words.stop}
            </Button>
          ) : stage.at === "ended" && stage.outcome.kind === "imported" ? (
            <Link
              href={dayHref(stage.outcome.file)}
              onClick={onClose}
              className={classes(buttonClasses("primary", "large"), "flex-1")}
            >
              {words.toDay}
            </Link>
          ) : null}
        </>
      }
    >
      {stage.at === "ended" ? <Outcome {...stage} /> : null}
      {stage.at === "sending" ? (
        <Sending name={stage.name} share={stage.share} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is beside the button, which does the same
        <div
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          className={classes(
            "flex flex-col items-center gap-2 rounded-panel border border-line-strong border-dashed px-4 py-8 text-center",
            isOver && "bg-selected",
          )}
        >
          <FileUp aria-hidden className="size-6 text-ink-3" strokeWidth={1.5} />
          <p className="text-ink-2 max-wide:hidden">{words.drop}</p>
          <input
            ref={input}
            type="file"
            aria-label={words.input}
            tabIndex={-1}
            className="sr-only"
            onChange={(event) => {
              void send(event.target.files?.[0]);
              // The same file may be chosen again once it was mended.
              event.target.value = "";
            }}
          />
          <Button
            look={stage.at === "choosing" ? "primary" : "secondary"}
            onClick={() => input.current?.click()}
          >
            {stage.at === "choosing" ? words.choose : words.chooseAnother}
          </Button>
          <p className="text-ink-3 text-meta">{words.limit}</p>
        </div>
      )}
      {stage.at === "choosing" ? <p className="text-ink-2">{words.replaces}</p> : null}
    </Sheet>
  );
}

/** How much of the file is sent; once all of it is, the server still reads and matches it. */
function Sending({ name, share }: { name: string; share: number }) {
  const words = useTexts().reconciliation.upload;
  const percent = Math.floor(share * 100);
  return (
    <div className="grid gap-1.5 py-4">
      <p className="flex gap-2">
        <span className="min-w-0 flex-1 truncate">{words.sending(name)}</span>
        <span className="tabular-nums">{words.percent(percent)}</span>
      </p>
      <div
        role="progressbar"
        aria-label={words.sending(name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
      </div>
      <p role="status" className="min-h-5 text-ink-2">
        {share >= 1 ? words.checking : null}
      </p>
    </div>
  );
}

function Outcome({ name, outcome }: Extract<Stage, { at: "ended" }>) {
  const { reconciliation, refusals } = useTexts();
  const words = reconciliation.upload;
  switch (outcome.kind) {
    case "imported":
      return <Imported file={outcome.file} />;
    case "refused":
      return <Refused name={name} refusal={outcome.refusal} />;
    case "too_large":
      return (
        <ErrorBlock compact title={words.refused}>
          {refusals.RECON_FILE_TOO_LARGE}
        </ErrorBlock>
      );
    case "stopped":
      return (
        <p role="status" className="rounded-panel bg-sunken px-3 py-2">
          {words.stopped}
        </p>
      );
    case "unreachable":
      return (
        <ErrorBlock compact title={words.refused}>
          {words.unreachable}
        </ErrorBlock>
      );
  }
}

/** What was imported, and how its day matches by now. */
function Imported({ file }: { file: UploadedFile }) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.upload;
  const { match } = file;
  return (
    <div role="status" className="rounded-panel bg-ok-bg px-3 py-2">
      <p className="flex items-center gap-2 font-semibold">
        <CircleCheck aria-hidden className="size-4 text-ok" strokeWidth={1.75} />
        {words.done}
      </p>
      <p>{words.doneOf(reconciliation.fileKinds[file.kind], file.businessDate, file.vanCode)}</p>
      <dl className="mt-1 grid grid-cols-[96px_minmax(0,1fr)] tabular-nums">
        <dt className="text-ink-2">{words.records}</dt>
        <dd>{common.resultCount(file.recordCount)}</dd>
        <dt className="text-ink-2">{words.matched}</dt>
        <dd>
          {match === null
            ? words.waitsForVan
            : `${words.matchedOf(match.matchedCount, match.recordCount)} · ${words.differing(match.recordCount - match.matchedCount)}`}
        </dd>
      </dl>
    </div>
  );
}

/** Why it was not imported, where in it that is, and what to do next. */
function Refused({ name, refusal }: { name: string; refusal: UploadRefusal }) {
  const texts = useTexts();
  const words = texts.reconciliation.upload;
  const language = useLanguage();
  const { code, facts, message, traceId } = refusal;
  const { line, found } = facts;
  const kind = fileKinds.find((one) => one === found);
  const said =
    typeof found !== "string"
      ? null
      : code === "RECON_FILE_OTHER_DATE"
        ? words.found.date(found)
        : code === "RECON_FILE_OTHER_VAN"
          ? words.found.van(found)
          : kind
            ? words.found.kind(texts.reconciliation.fileKinds[kind])
            : null;
  return (
    <ErrorBlock compact title={words.refused} traceId={traceId || undefined}>
      <p className="break-all">
        {name}
        {typeof line === "number" ? ` · ${words.atLine(line)}` : null}
      </p>
      <p>
        {texts.refusals[code] ?? message[language]} {said}
      </p>
    </ErrorBlock>
  );
}
