"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatRate } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, FieldError, Input, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { stopReasonLengthMax } from "#server/van/van.values.ts";
import type { VanBoard } from "#server/van/van-board-queries.ts";

/** Changes how the approvals of one mall are spread over the VANs: now and after side by side, a reason, then the button. */
export function WeightsSheet({
  mallId,
  board,
  onClose,
}: {
  mallId: string;
  board: VanBoard;
  onClose: () => void;
}) {
  const { vans, common } = useTexts();
  const words = vans.weights;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  // The weights as they were when the sheet opened: what comes later makes it stale, and the server says so.
  const [seen] = useState(() => weightsOf(board, mallId));
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(seen.weights.map(({ vanCode, weight }) => [vanCode, String(weight)])),
  );
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const changing = useMutation(
    trpc.van.changeWeights.mutationOptions({
      onSuccess: () => {
        toast(words.done(seen.mallName));
        onClose();
      },
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries(trpc.van.board.queryFilter()),
          queryClient.invalidateQueries(trpc.van.history.pathFilter()),
        ]),
    }),
  );
  const after = seen.weights.map(({ vanCode }) => ({ vanCode, weight: readWeight(typed[vanCode] ?? "") }));
  const sumNow = sumOf(seen.weights);
  const isInvalid = after.some(({ weight }) => weight === null);
  const sumAfter = sumOf(after);
  const isUnchanged = after.every(({ weight }, index) => weight === seen.weights[index]?.weight);
  const problem = isInvalid
    ? words.invalid
    : sumAfter === 0
      ? words.nowhere
      : isUnchanged && checked
        ? words.unchanged
        : undefined;
  const away = board.vans
    .filter(
      ({ code, stopped }) => stopped && (after.find(({ vanCode }) => vanCode === code)?.weight ?? 0) > 0,
    )
    .map(({ code }) => code);
  const send = () => {
    setChecked(true);
    if (isInvalid || sumAfter === 0 || isUnchanged) return;
    if (reason.trim() === "") return reasonRef.current?.focus();
    changing.mutate({
      mallId,
      weights: after.map(({ vanCode, weight }) => ({ vanCode, weight: weight ?? 0 })),
      expected: seen.weights,
      reason: reason.trim(),
    });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(seen.mallName)}
      locked={changing.isPending}
      footer={
        <>
          <Button size="large" disabled={changing.isPending} onClick={onClose}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="flex-1" busy={changing.isPending} onClick={send}>
            {words.submit}
          </Button>
        </>
      }
    >
      <p>{words.body}</p>
      <Table caption={words.caption} wrapperClassName="-mx-6 shrink-0 max-wide:-mx-4">
        <TableHead>
          <HeaderCell>{words.columns.van}</HeaderCell>
          <HeaderCell numeric>{words.columns.now}</HeaderCell>
          <HeaderCell numeric>{words.columns.weight}</HeaderCell>
          <HeaderCell numeric>{words.columns.after}</HeaderCell>
        </TableHead>
        <tbody>
          {seen.weights.map(({ vanCode, weight }, index) => (
            <TableRow key={vanCode}>
              <Cell tall className="font-semibold">
                {vanCode}
              </Cell>
              <Cell tall numeric className="text-ink-2">
                {share(weight, sumNow)}
              </Cell>
              <Cell tall numeric>
                <Input
                  aria-label={words.weightOf(vanCode)}
                  inputMode="numeric"
                  autoComplete="off"
                  className="h-8 w-20 text-right"
                  value={typed[vanCode] ?? ""}
                  onChange={(event) => setTyped({ ...typed, [vanCode]: event.target.value })}
                />
              </Cell>
              <Cell tall numeric className="font-semibold">
                {share(after[index]?.weight ?? 0, sumAfter)}
              </Cell>
            </TableRow>
          ))}
        </tbody>
      </Table>
      <FieldError message={problem} />
      {away.length > 0 ? <Note tone="warn">{words.away(away.join(", "))}</Note> : null}
      <Field
        label={vans.reason}
        hint={vans.reasonHint}
        error={checked && reason.trim() === "" ? vans.reasonMissing : undefined}
      >
        <Textarea
          ref={reasonRef}
          required
          rows={2}
          maxLength={stopReasonLengthMax}
          placeholder={vans.reasonPlaceholder}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      {changing.isError ? <QueryError error={changing.error} title={words.error} compact /> : null}
    </Sheet>
  );
}

function weightsOf(board: VanBoard, mallId: string) {
  const routes = board.vans.map(({ code, routes: all }) => ({
    vanCode: code,
    route: all.find((route) => route.mallId === mallId),
  }));
  return {
    mallName: routes.find(({ route }) => route)?.route?.mallName ?? mallId,
    weights: routes.map(({ vanCode, route }) => ({ vanCode, weight: route?.weight ?? 0 })),
  };
}

const sumOf = (weights: readonly { weight: number | null }[]) =>
  weights.reduce((sum, { weight }) => sum + (weight ?? 0), 0);

const share = (weight: number, sum: number) => (sum === 0 ? "–" : formatRate(weight / sum, 0));

/** A whole number from 0 to 100, or `null` for what is none. */
function readWeight(text: string): number | null {
  return /^\d{1,3}$/.test(text.trim()) && Number(text) <= 100 ? Number(text) : null;
}
