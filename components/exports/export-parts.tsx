"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, CircleX, Clock, Download, RotateCw } from "lucide-react";
import { formatMoney, formatNumber } from "#components/i18n/format.ts";
import type { Language } from "#components/i18n/language.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { refusalText } from "#components/layout/refusal-text.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ExportKind, ExportState } from "#server/exports/export.values.ts";
import type { ExportLine } from "#server/exports/export-queries.ts";

const looks = {
  WAITING: { level: "plain", tone: "mute", icon: Clock },
  READING: { level: "tint", tone: "run", icon: RotateCw },
  WRITING: { level: "tint", tone: "run", icon: RotateCw },
  DONE: { level: "plain", tone: "ok", icon: CircleCheck },
  EXPIRED: { level: "plain", tone: "mute", icon: Clock },
  CANCELED: { level: "plain", tone: "mute", icon: CircleMinus },
  FAILED: { level: "plain", tone: "bad", icon: CircleX },
} as const satisfies Record<ExportState, unknown>;

export const isUnderWay = ({ state }: Pick<ExportLine, "state">) =>
  state === "WAITING" || state === "READING" || state === "WRITING";

/** How an export stands; while it is made, how far. */
export function ExportStanding({ line }: { line: ExportLine }) {
  const { exports } = useTexts();
  return (
    <div className="min-w-28">
      <ToneBadge {...looks[line.state]} label={exports.states[line.state]} />
      {isUnderWay(line) ? <Progress line={line} /> : null}
    </div>
  );
}

/** Reading is the shorter half of the work and writing the other; both are counted in rows. */
function Progress({ line }: { line: ExportLine }) {
  const { exports } = useTexts();
  const { rowsTotal, rowsRead, rowsWritten } = line;
  const share = rowsTotal ? (rowsRead + rowsWritten) / (2 * rowsTotal) : 0;
  const percent = Math.floor(share * 100);
  return (
    <div className="flex items-center gap-2 pt-1">
      <div
        role="progressbar"
        aria-label={exports.list.progress(exports.kinds[line.kind])}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 w-20 overflow-hidden rounded-[2px] bg-line"
      >
        <div className="h-full bg-run" style={{ width: `${percent}%` }} />
      </div>
      <span className="text-ink-3 text-meta tabular-nums">{percent}%</span>
    </div>
  );
}

/** What a list of this kind is about, of all that is added up. */
const mainSums: Readonly<Record<ExportKind, string | null>> = {
  PAYMENTS: "approved",
  SETTLEMENTS: "payout",
  SETTLEMENT_LINES: "net",
  SETTLEMENT_DAYS: "payout",
  SETTLEMENT_METHODS: "payout",
  RECONCILIATION: "risk",
  AUDIT: null,
};

/** The sums that say most; of several currencies, each. */
export function mainSumsOf({ kind, sums }: ExportLine): ExportLine["sums"] {
  return sums.filter(({ column }) => column === mainSums[kind]);
}

/** Sums that count something have no unit. */
const counts = ["lines", "settlements", "approvals", "cancels"];

export function sumText({ currency, column, sum }: ExportLine["sums"][number], language: Language): string {
  if (counts.includes(column)) return formatNumber(sum);
  return currency === "KRW" ? formatMoney(sum, language) : `${formatNumber(sum)} ${currency}`;
}

/** `1.4 MB`: as file managers say it. */
export function sizeText(bytes: bigint): string {
  const size = Number(bytes);
  if (size < 1_000) return `${size} B`;
  if (size < 1_000_000) return `${(size / 1_000).toFixed(1)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

/** Fetches one's own file by a link that is made for it, or cancels what is under way. */
export function ExportActions({ line }: { line: ExportLine }) {
  const texts = useTexts();
  const exports = texts.exports;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const operator = useOperator();
  const mayMake = useMay("export:make");
  const mayCancelOthers = useMay("export-of-others:cancel");
  const isMine = line.requestedBy.id === operator.id;
  const refresh = () => queryClient.invalidateQueries(trpc.export.pathFilter());
  const linking = useMutation(
    trpc.export.link.mutationOptions({
      onSuccess: ({ href }) => {
        const link = document.createElement("a");
        link.href = href;
        link.download = "";
        link.click();
      },
      onError: (error) => toast(`${exports.downloadError} ${refusalText(error, language, texts)}`),
      onSettled: refresh,
    }),
  );
  const canceling = useMutation(
    trpc.export.cancel.mutationOptions({
      onSuccess: () => toast(exports.canceled),
      onError: (error) => toast(`${exports.cancelError} ${refusalText(error, language, texts)}`),
      onSettled: refresh,
    }),
  );
  const retrying = useMutation(
    trpc.export.retry.mutationOptions({
      onError: (error) => toast(`${exports.retryError} ${refusalText(error, language, texts)}`),
      onSettled: refresh,
    }),
  );
  const kind = exports.kinds[line.kind];
  if (line.state === "FAILED" && isMine && mayMake)
    return (
      <Button
        size="small"
        busy={retrying.isPending}
        aria-label={exports.retryOf(kind)}
        onClick={() => retrying.mutate({ exportId: line.id })}
      >
        {exports.retry}
      </Button>
    );
  if (line.state === "DONE" && isMine && mayMake)
    return (
      <Button
        size="small"
        busy={linking.isPending}
        aria-label={exports.downloadOf(kind)}
        onClick={() => linking.mutate({ exportId: line.id })}
      >
        <Download aria-hidden className="size-4" strokeWidth={1.5} />
        {exports.download}
      </Button>
    );
  if (isUnderWay(line) && mayMake && (isMine || mayCancelOthers))
    return (
      <Button
        size="small"
        busy={canceling.isPending}
        aria-label={exports.cancelOf(kind)}
        onClick={() => canceling.mutate({ exportId: line.id })}
      >
        {exports.cancel}
      </Button>
    );
  return null;
}
