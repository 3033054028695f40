"use client";

import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { formatDuration } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { RunMarks } from "#components/integrity/run-marks.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { InvariantState } from "#server/integrity/integrity-queries.ts";

type ListProps = { invariants: readonly InvariantState[]; onOpen: (id: InvariantState["id"]) => void };

/** Whether an invariant holds: an icon with its word. */
export function InvariantBadge({ violations }: Pick<InvariantState, "violations">) {
  const { states } = useTexts().integrity.rules;
  if (violations === null)
    return <ToneBadge level="plain" tone="mute" icon={CircleDashed} label={states.unknown} />;
  return violations === 0 ? (
    <ToneBadge level="plain" tone="ok" icon={CircleCheck} label={states.holds} />
  ) : (
    <ToneBadge level="tint" tone="bad" icon={CircleAlert} label={states.broken} />
  );
}

/** Every invariant in a row: what it promises, whether it holds, when that was seen. */
export function InvariantTable({ invariants, onOpen }: ListProps) {
  const { integrity } = useTexts();
  const language = useLanguage();
  const words = integrity.rules;
  return (
    <Table caption={words.caption(invariants.length)}>
      <TableHead>
        <HeaderCell>{words.columns.rule}</HeaderCell>
        <HeaderCell>{words.columns.state}</HeaderCell>
        <HeaderCell numeric>{words.columns.violations}</HeaderCell>
        <HeaderCell>{words.columns.history}</HeaderCell>
        <HeaderCell>{words.columns.checked}</HeaderCell>
        <HeaderCell numeric>{words.columns.duration}</HeaderCell>
      </TableHead>
      <tbody>
        {invariants.map((invariant) => {
          const { id, title, promise, violations, parked, checkedAt, durationMs, history } = invariant;
          return (
            <TableRow key={id}>
              <Cell tall describing className="leading-[18px]" title={promise[language]}>
                <button
                  type="button"
                  onClick={() => onOpen(id)}
                  aria-label={words.open(`${id} ${title[language]}`)}
                  className="block max-w-full overflow-hidden text-ellipsis text-left font-semibold hover:underline"
                >
                  <span className="font-normal text-ink-3">{id}</span> {title[language]}
                </button>
                <small className="block overflow-hidden text-ellipsis text-ink-3 text-meta">
                  {promise[language]}
                </small>
              </Cell>
              <Cell tall>
                <InvariantBadge violations={violations} />
                {parked > 0 ? (
                  <small className="block text-ink-3 text-meta">{words.parked(parked)}</small>
                ) : null}
              </Cell>
              <Cell tall numeric className={violations ? "font-semibold text-bad" : "text-ink-3"}>
                {violations === null ? "–" : violations.toLocaleString("en-US")}
              </Cell>
              <Cell tall>
                <RunMarks history={history} />
              </Cell>
              <Cell tall>
                <DateTime at={checkedAt} />
              </Cell>
              <Cell tall numeric className="text-ink-2">
                {durationMs === null ? "–" : formatDuration(durationMs, language)}
              </Cell>
            </TableRow>
          );
        })}
      </tbody>
    </Table>
  );
}

/** The same at 390 px: three lines each. */
export function InvariantCards({ invariants, onOpen }: ListProps) {
  const { integrity } = useTexts();
  const language = useLanguage();
  const words = integrity.rules;
  return (
    <ul aria-label={words.caption(invariants.length)} className="border-line border-t">
      {invariants.map(({ id, title, promise, violations, parked, checkedAt, history }) => (
        <li key={id} className="relative flex flex-col gap-1 border-line border-b px-4 py-2.5">
          <span className="flex w-full items-center gap-2">
            <button
              type="button"
              onClick={() => onOpen(id)}
              aria-label={words.open(`${id} ${title[language]}`)}
              className="min-w-0 flex-1 truncate text-left font-semibold after:absolute after:inset-0"
            >
              <span className="font-normal text-ink-3">{id}</span> {title[language]}
            </button>
            {violations ? (
              <span className="font-semibold text-bad">{violations.toLocaleString("en-US")}</span>
            ) : null}
            <InvariantBadge violations={violations} />
          </span>
          <span className="text-ink-3 text-meta">{promise[language]}</span>
          <span className="flex w-full items-center justify-between gap-2 text-ink-3 text-meta">
            <span>{parked > 0 ? words.parked(parked) : <DateTime at={checkedAt} />}</span>
            <RunMarks history={history} />
          </span>
        </li>
      ))}
    </ul>
  );
}
