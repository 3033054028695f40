"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { CircleCheck, Unplug } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber, formatRate, formatTableTime, shortId } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { formatMs } from "#components/reports/latency-figures.tsx";
import { paymentsHref } from "#components/reports/latency-url.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { CircuitLamp } from "#components/vans/circuit-lamp.tsx";
import { lastAnswerOf, speakerOf } from "#components/vans/van-view.ts";
import { WireErrorText } from "#components/wire-errors/wire-error-text.tsx";
import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import type { RecentFigures, VanInProcess, VanOnBoard } from "#server/van/van-board-queries.ts";

const outcomes: readonly AnswerOutcome[] = ["approved", "declined", "unknown", "failed"];

/** One VAN: its lamp, what it does now, its last minutes, its processes and its malls. */
export function VanCard({
  van,
  inFlightMax,
  stranded,
  recent,
  faults,
  onSwitch,
  onWeigh,
}: {
  van: VanOnBoard;
  inFlightMax: number;
  /** The malls that have no other VAN to go to. */
  stranded: readonly string[];
  recent: UseQueryResult<RecentFigures, unknown>;
  /** The fault switch of a sandbox; nothing where there is none. */
  faults: ReactNode;
  onSwitch: (action: "stop" | "resume", isCircuitOpen: boolean) => void;
  onWeigh: (mallId: string) => void;
}) {
  const { vans } = useTexts();
  const maySwitch = useMay("van:switch");
  const mayWeigh = useMay("van:weigh");
  const speaker = speakerOf(van);
  const inFlight = van.processes.reduce((sum, process) => sum + process.inFlight, 0);
  const isCircuitOpen = speaker?.state === "OPEN";
  const titleId = `van-${van.code}`;
  return (
    <section aria-labelledby={titleId} className="rounded-panel border border-line bg-surface px-4 pb-4">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-2 py-3">
        <h2 id={titleId} className="font-bold text-figure">
          {van.code}
        </h2>
        <span className="text-ink-2">{van.name}</span>
        {van.isSandbox ? (
          <span className="rounded-chip bg-mute-bg px-1.5 font-medium text-meta text-mute leading-[22px]">
            {vans.sandbox}
          </span>
        ) : null}
        {maySwitch ? (
          <Button
            look={van.stopped ? "primary" : "danger"}
            size="small"
            className="ml-auto max-wide:ml-0 max-wide:w-full"
            onClick={() => onSwitch(van.stopped ? "resume" : "stop", isCircuitOpen)}
          >
            {van.stopped ? vans.resume.open : vans.stop.open}
          </Button>
        ) : null}
      </div>
      {van.stopped ? <Stopped stopped={van.stopped} isCovered={stranded.length === 0} /> : null}
      <Lamp speaker={speaker} isStopped={van.stopped !== null} isCovered={stranded.length === 0} />
      {(van.stopped || isCircuitOpen) && stranded.length > 0 ? (
        <div className="pt-3">
          <Note tone="warn">{vans.stop.stranded(stranded.length, stranded.join(", "))}</Note>
        </div>
      ) : null}
      <dl className="grid grid-cols-4 gap-x-4 gap-y-3 pt-4 max-wide:grid-cols-2">
        <Fact name={vans.facts.reachable}>
          {speaker ? (
            speaker.isReachable ? (
              <ToneBadge level="plain" tone="ok" icon={CircleCheck} label={vans.reachable} size="large" />
            ) : (
              <ToneBadge level="plain" tone="bad" icon={Unplug} label={vans.unreachable} size="large" />
            )
          ) : (
            <Nothing />
          )}
          <div className="text-ink-3 text-meta">{vans.protocols[van.protocol]}</div>
        </Fact>
        <Fact name={vans.facts.inFlight}>
          <span className="font-semibold text-figure tabular-nums">{formatNumber(inFlight)}</span>
          <div className="text-ink-3 text-meta">{vans.inFlightMax(inFlightMax)}</div>
        </Fact>
        <Fact name={vans.facts.lastAnswer}>
          <DateTime at={lastAnswerOf(van)} className="tabular-nums" />
        </Fact>
        <Fact name={vans.facts.lastError}>
          {speaker?.lastError ? (
            <span className="break-words text-ink-2">
              <WireErrorText error={speaker.lastError} />
            </span>
          ) : (
            <Nothing />
          )}
        </Fact>
      </dl>
      <SectionTitle remark={vans.recentRemark}>{vans.recent}</SectionTitle>
      <Recent code={van.code} recent={recent} />
      {van.processes.length > 0 ? (
        <>
          <SectionTitle remark={vans.processesRemark}>{vans.processes}</SectionTitle>
          <Processes van={van} />
        </>
      ) : null}
      <SectionTitle remark={vans.routesRemark}>{vans.routes}</SectionTitle>
      {van.routes.length > 0 ? (
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          {van.routes.map(({ mallId, mallName, share }) => (
            <li key={mallId} className="whitespace-nowrap">
              {mayWeigh ? (
                <button
                  type="button"
                  aria-label={`${vans.weights.open(mallName)} (${van.code} ${formatRate(share, 0)})`}
                  onClick={() => onWeigh(mallId)}
                  className="min-h-6 text-link underline underline-offset-2"
                >
                  {mallName}
                </button>
              ) : (
                mallName
              )}{" "}
              <span className="text-ink-2 tabular-nums">{formatRate(share, 0)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-3">{vans.noRoutes}</p>
      )}
      {faults}
    </section>
  );
}

function Nothing() {
  const { common } = useTexts();
  return (
    <span role="img" aria-label={common.notApplicable} className="text-ink-3">
      –
    </span>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-3 text-meta">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Stopped({
  stopped,
  isCovered,
}: {
  stopped: NonNullable<VanOnBoard["stopped"]>;
  isCovered: boolean;
}) {
  const { vans } = useTexts();
  return (
    <div className="pb-3">
      <Note tone="warn">
        <div className="flex flex-wrap items-center gap-x-2">
          <b className="font-semibold">{vans.stopped}</b>
          {isCovered ? <span>{vans.covered}</span> : null}
        </div>
        {stopped.reason ? <p>{stopped.reason}</p> : null}
        <p className="flex flex-wrap gap-x-2 text-ink-2 text-meta">
          {stopped.byName ? <span>{vans.stop.by(stopped.byName)}</span> : null}
          {stopped.at ? <DateTime at={stopped.at} format="full" /> : null}
        </p>
      </Note>
    </div>
  );
}

function Lamp({
  speaker,
  isStopped,
  isCovered,
}: {
  speaker: VanInProcess | undefined;
  isStopped: boolean;
  isCovered: boolean;
}) {
  const { vans } = useTexts();
  const now = useNow();
  const sentence = speaker
    ? speaker.state === "OPEN"
      ? vans.lamp.OPEN(vans.failures[speaker.reason ?? "unreachable"])
      : speaker.state === "HALF_OPEN"
        ? vans.lamp.HALF_OPEN
        : isStopped
          ? null
          : vans.lamp.CLOSED
    : vans.lamp.none;
  const probeMs =
    speaker?.nextProbeAt && now && speaker.state === "OPEN"
      ? speaker.nextProbeAt.getTime() - now.getTime()
      : null;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-panel bg-sunken px-3 py-2">
      <span className="text-ink-3">{vans.circuit}</span>
      <CircuitLamp state={speaker?.state ?? null} size="large" />
      {sentence ? <span>{sentence}</span> : null}
      {speaker?.state === "OPEN" && isCovered && !isStopped ? <span>{vans.covered}</span> : null}
      {speaker && speaker.state !== "CLOSED" ? (
        <span className="flex w-full flex-wrap gap-x-3 text-ink-2 text-meta">
          <span className="tabular-nums">
            <TimeInText
              at={speaker.since}
              say={vans.since}
              format={(at) => formatTableTime(at, now ?? speaker.since)}
            />
          </span>
          {probeMs === null ? null : (
            <span className="tabular-nums">{vans.probeIn(Math.max(0, Math.ceil(probeMs / 1_000)))}</span>
          )}
          <span>{vans.repairs}</span>
        </span>
      ) : null}
    </div>
  );
}

function Recent({ code, recent }: { code: string; recent: UseQueryResult<RecentFigures, unknown> }) {
  const { vans, latency } = useTexts();
  if (!recent.data)
    return recent.isError ? (
      <p className="text-bad">{vans.recentError}</p>
    ) : (
      <Skeleton className="h-10 w-full" />
    );
  const { from, to } = recent.data;
  const figures = recent.data.vans[code];
  return (
    <dl className="grid grid-cols-5 gap-x-4 gap-y-3 max-wide:grid-cols-3">
      {outcomes.map((outcome) => {
        const count = figures?.counts[outcome] ?? 0;
        return (
          <Fact key={outcome} name={vans.outcomes[outcome]}>
            <Link
              href={paymentsHref({ from, to, van: [code], mall: [] }, outcome)}
              aria-label={`${code} ${vans.outcomes[outcome]} ${formatNumber(count)}. ${latency.openPayments(vans.outcomes[outcome])}`}
              className={classes(
                "font-semibold text-figure text-ink tabular-nums no-underline hover:underline",
                outcome === "unknown" && count > 0 && "text-unk",
                outcome === "failed" && count > 0 && "text-warn",
              )}
            >
              {formatNumber(count)}
            </Link>
          </Fact>
        );
      })}
      <Fact name={vans.p95}>
        {figures?.p95Ms ? (
          <span className="font-semibold text-figure tabular-nums">{formatMs(figures.p95Ms, latency)}</span>
        ) : (
          <Nothing />
        )}
      </Fact>
    </dl>
  );
}

function Processes({ van }: { van: VanOnBoard }) {
  const { vans } = useTexts();
  return (
    <Table caption={`${van.code} ${vans.processes}`} wrapperClassName="-mx-4">
      <TableHead>
        <HeaderCell className="first:pl-4">{vans.columns.process}</HeaderCell>
        <HeaderCell>{vans.columns.circuit}</HeaderCell>
        <HeaderCell numeric>{vans.columns.inFlight}</HeaderCell>
        <HeaderCell numeric className="last:pr-4">
          {vans.columns.lastAnswer}
        </HeaderCell>
      </TableHead>
      <tbody>
        {van.processes.map((process) => (
          <TableRow key={process.processId}>
            <Cell className="first:pl-4">
              {vans.roles[process.role]}{" "}
              <span className="font-mono text-ink-3 text-meta">{shortId(process.processId)}</span>
            </Cell>
            <Cell>
              <CircuitLamp state={process.state} />
            </Cell>
            <Cell numeric>{formatNumber(process.inFlight)}</Cell>
            <Cell numeric className="last:pr-4">
              <DateTime at={process.lastAnswerAt} />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
