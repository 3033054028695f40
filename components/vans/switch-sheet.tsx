"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, CornerUpRight, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { ReasonSheet } from "#components/layout/reason-sheet.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Note } from "#components/ui/note.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { strandedWithout } from "#components/vans/van-view.ts";
import { stopReasonLengthMax } from "#server/van/van.values.ts";
import type { VanBoard } from "#server/van/van-board-queries.ts";

/** What a person is about to do to a VAN. */
export type SwitchWish = Readonly<{ code: string; action: "stop" | "resume"; isCircuitOpen: boolean }>;

/** Stops or resumes new approvals at a VAN: what stops, what goes on, the reason, and only then the button (design §9). */
export function SwitchSheet({
  wish,
  board,
  onClose,
}: {
  wish: SwitchWish | null;
  board: VanBoard | undefined;
  onClose: () => void;
}) {
  // Each opening begins anew: nothing of an earlier wish is left in the field.
  return wish && board ? <OpenSheet wish={wish} board={board} onClose={onClose} /> : null;
}

function OpenSheet({ wish, board, onClose }: { wish: SwitchWish; board: VanBoard; onClose: () => void }) {
  const { vans } = useTexts();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { code } = wish;
  const isStop = wish.action === "stop";
  const words = isStop ? vans.stop : vans.resume;

  const options = {
    onSuccess: () => {
      toast(words.done(code));
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(trpc.van.board.queryFilter()),
  };
  const stopping = useMutation(trpc.van.stopApprovals.mutationOptions(options));
  const resuming = useMutation(trpc.van.resumeApprovals.mutationOptions(options));
  const sending = isStop ? stopping : resuming;
  const stranded = isStop ? strandedWithout(board, code) : [];
  return (
    <ReasonSheet
      title={words.title(code)}
      submit={words.submit(code)}
      danger={isStop}
      reason={{
        label: vans.reason,
        hint: vans.reasonHint,
        missing: vans.reasonMissing,
        placeholder: vans.reasonPlaceholder,
        lengthMax: stopReasonLengthMax,
      }}
      sending={sending}
      errorTitle={words.error}
      onSend={(reason) => sending.mutate({ code, reason })}
      onClose={onClose}
      after={isStop ? <p className="text-ink-3">{vans.stop.undo}</p> : null}
    >
      {isStop ? (
        <>
          <dl className="grid gap-3 rounded-panel border border-line px-3 py-3">
            <Consequence icon={CircleMinus} tone="text-bad" name={vans.stop.stops}>
              {vans.stop.stopsBody}
            </Consequence>
            <Consequence icon={CircleCheck} tone="text-ok" name={vans.stop.goesOn}>
              {vans.stop.goesOnBody}
            </Consequence>
            <Consequence icon={CornerUpRight} tone="text-run" name={vans.stop.instead}>
              {vans.stop.insteadBody}
            </Consequence>
          </dl>
          {stranded.length > 0 ? (
            <Note tone="warn">{vans.stop.stranded(stranded.length, stranded.join(", "))}</Note>
          ) : null}
        </>
      ) : (
        <>
          <p>{vans.resume.body}</p>
          {wish.isCircuitOpen ? <Note tone="warn">{vans.resume.circuitOpen}</Note> : null}
        </>
      )}
    </ReasonSheet>
  );
}

function Consequence({
  icon: Icon,
  tone,
  name,
  children,
}: {
  icon: LucideIcon;
  tone: string;
  name: string;
  children: ReactNode;
}) {
  return (
    <div className="grid grid-cols-[24px_minmax(0,1fr)]">
      <dt className="col-start-2 row-start-1 font-semibold">{name}</dt>
      <Icon
        aria-hidden
        className={classes("col-start-1 row-start-1 mt-0.5 size-4", tone)}
        strokeWidth={1.5}
      />
      <dd className="col-start-2 text-ink-2">{children}</dd>
    </div>
  );
}
