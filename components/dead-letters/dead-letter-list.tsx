"use client";

import { LetterTime } from "#components/dead-letters/letter-time.tsx";
import { OutcomeMark } from "#components/dead-letters/outcome-mark.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Money } from "#components/ui/money.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, RowCheckbox, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { useWireErrorWords } from "#components/wire-errors/wire-error-text.tsx";
import type { DeadLetterLine } from "#server/dead-letters/dead-letter-queries.ts";
import type { RunLetter } from "#server/dead-letters/redrive-run-queries.ts";

export type ListProps = Readonly<{
  letters: readonly DeadLetterLine[];
  count: number;
  fetching: boolean;
  /** What the latest preview said, by letter. */
  preview: ReadonlyMap<string, RunLetter>;
  isSelected: (id: string) => boolean;
  /** Left out for those who may not re-drive: then nothing can be selected. */
  onToggle?: ((id: string, range: boolean) => void) | undefined;
  onToggleAll?: (() => void) | undefined;
  everySelected: boolean;
  someSelected: boolean;
  onOpen: (letter: DeadLetterLine) => void;
  cursorId: string | null;
  now: Date | null;
}>;

/** What a person calls a letter by: its order, or the job where there is none. */
export function nameOf(letter: DeadLetterLine): string {
  return letter.orderId ?? letter.id;
}

function useLine(letter: DeadLetterLine) {
  const { deadLetters } = useTexts();
  const tries = [
    deadLetters.tries(letter.attempts),
    letter.redriveCount > 0 ? deadLetters.redrives(letter.redriveCount) : null,
    letter.assigneeName ? deadLetters.assignedTo(letter.assigneeName) : null,
  ];
  return {
    job: deadLetters.jobs[letter.jobName],
    reason: deadLetters.reasons[letter.reasonClass],
    tries: tries.filter(Boolean).join(" · "),
  };
}

/** Every letter waits and nothing was previewed: then there is nothing to say in that column. */
function hasOutcome({ letters, preview }: ListProps): boolean {
  return preview.size > 0 || letters.some((letter) => letter.status !== "PARKED");
}

function Outcome({ letter, preview }: { letter: DeadLetterLine; preview: ListProps["preview"] }) {
  const previewed = preview.get(letter.id);
  if (letter.status !== "PARKED") return <StatusBadge kind="deadLetter" status={letter.status} />;
  return previewed?.outcome && previewed.why ? (
    <OutcomeMark outcome={previewed.outcome} why={previewed.why} />
  ) : null;
}

/** The list as a table: two-line rows, the most urgent first. An order's number is never cut: a long one takes another line. */
export function DeadLetterTable(props: ListProps) {
  const { deadLetters } = useTexts();
  const { letters, count, onToggle, onToggleAll } = props;
  const showsOutcome = hasOutcome(props);
  return (
    <Table
      caption={deadLetters.caption(count)}
      fetching={props.fetching}
      className="table-fixed"
      wrapperClassName="flex-1"
    >
      <colgroup>
        {onToggle ? <col className="w-11" /> : null}
        <col className={showsOutcome ? "w-[112px]" : onToggle ? "w-[136px]" : "w-[160px]"} />
        <col />
        <col className="w-[92px]" />
        {showsOutcome ? <col className="w-[116px]" /> : null}
        <col className="w-[124px]" />
      </colgroup>
      <TableHead>
        {onToggle ? (
          <HeaderCell className="first:pl-3">
            <RowCheckbox
              label={deadLetters.selectAllMatching(count)}
              checked={props.everySelected}
              indeterminate={props.someSelected && !props.everySelected}
              onChange={onToggleAll}
            />
          </HeaderCell>
        ) : null}
        <HeaderCell className={onToggle ? "" : "first:pl-4"}>{deadLetters.columns.job}</HeaderCell>
        <HeaderCell>{deadLetters.columns.payment}</HeaderCell>
        <HeaderCell numeric>{deadLetters.columns.amount}</HeaderCell>
        {showsOutcome ? (
          <HeaderCell className="pl-4">
            {props.preview.size > 0 ? deadLetters.columns.outcome : deadLetters.columns.status}
          </HeaderCell>
        ) : null}
        <HeaderCell numeric className="last:pr-4">
          {deadLetters.columns.due}
        </HeaderCell>
      </TableHead>
      <tbody className={classes(props.fetching && "opacity-60")}>
        {letters.map((letter) => (
          <Row key={letter.id} letter={letter} showsOutcome={showsOutcome} {...props} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({
  letter,
  showsOutcome,
  preview,
  isSelected,
  onToggle,
  everySelected,
  onOpen,
  cursorId,
  now,
}: ListProps & { letter: DeadLetterLine; showsOutcome: boolean }) {
  const { deadLetters } = useTexts();
  const line = useLine(letter);
  const wordsOf = useWireErrorWords();
  const name = nameOf(letter);
  const selected = isSelected(letter.id);
  return (
    <TableRow
      // Everything selected tints the bar, not each row (design §6).
      selected={selected && !everySelected}
      cursor={cursorId === letter.id}
      data-letter={letter.id}
    >
      {onToggle ? (
        <Cell tall className="first:pl-3">
          <RowCheckbox
            label={deadLetters.selectRow(name)}
            checked={selected}
            disabled={letter.status !== "PARKED"}
            onChange={(event) => onToggle(letter.id, (event.nativeEvent as MouseEvent).shiftKey === true)}
          />
        </Cell>
      ) : null}
      <Cell
        tall
        className={classes("overflow-hidden text-ellipsis leading-[18px]", !onToggle && "first:pl-4")}
      >
        <b className="font-semibold">{line.job}</b>
        <small className="block overflow-hidden text-ellipsis text-ink-3 text-meta">{line.reason}</small>
      </Cell>
      <Cell tall className="overflow-hidden leading-[18px]">
        <button
          type="button"
          onClick={() => onOpen(letter)}
          aria-label={deadLetters.openRow(letter.orderId ?? `${deadLetters.noOrder} ${name}`)}
          className="block max-w-full whitespace-normal text-left [overflow-wrap:anywhere] hover:underline"
        >
          {letter.orderId ?? deadLetters.noOrder}
        </button>
        <small
          className="block overflow-hidden text-ellipsis text-ink-3 text-meta"
          title={[wordsOf(letter.lastError), letter.lastError].filter(Boolean).join(" · ")}
        >
          {letter.vanCode ? `${letter.vanCode} · ` : letter.mallName ? `${letter.mallName} · ` : ""}
          {line.tries}
        </small>
      </Cell>
      <Cell tall numeric>
        <Money amountMinor={letter.amountMinor} bare />
      </Cell>
      {showsOutcome ? (
        <Cell tall className="pl-4">
          <Outcome letter={letter} preview={preview} />
        </Cell>
      ) : null}
      <Cell tall numeric className="leading-[18px] last:pr-4">
        <LetterTime letter={letter} now={now} />
      </Cell>
    </TableRow>
  );
}

/** The list at 390 px: three lines per letter. */
export function DeadLetterCards(props: ListProps) {
  const { deadLetters } = useTexts();
  return (
    <ul aria-label={deadLetters.caption(props.count)} className={classes(props.fetching && "opacity-60")}>
      {props.letters.map((letter) => (
        <Card key={letter.id} letter={letter} {...props} />
      ))}
    </ul>
  );
}

function Card({
  letter,
  preview,
  isSelected,
  onToggle,
  onOpen,
  now,
}: ListProps & { letter: DeadLetterLine }) {
  const { deadLetters } = useTexts();
  const line = useLine(letter);
  const name = nameOf(letter);
  return (
    <li data-letter={letter.id} className="relative flex gap-2 border-line border-b px-4 py-2.5">
      {onToggle ? (
        <span className="relative z-10 -mt-2 -ml-2">
          <RowCheckbox
            label={deadLetters.selectRow(name)}
            checked={isSelected(letter.id)}
            disabled={letter.status !== "PARKED"}
            onChange={() => onToggle(letter.id, false)}
          />
        </span>
      ) : null}
      <div className="min-w-0 flex-1">
        <span className="block truncate">
          <b className="font-semibold">{line.job}</b>{" "}
          <span className="text-ink-3 text-meta">{line.reason}</span>
        </span>
        <button
          type="button"
          onClick={() => onOpen(letter)}
          aria-label={deadLetters.openRow(letter.orderId ?? `${deadLetters.noOrder} ${name}`)}
          className="block max-w-full text-left [overflow-wrap:anywhere] after:absolute after:inset-0"
        >
          {letter.orderId ?? deadLetters.noOrder}
        </button>
        <span className="block truncate text-ink-3 text-meta">
          {[letter.vanCode ?? letter.mallName, line.tries].filter(Boolean).join(" · ")}
        </span>
      </div>
      <div className="flex shrink-0 flex-col items-end text-right">
        <Money amountMinor={letter.amountMinor} className="font-semibold text-figure" />
        <span>
          <LetterTime letter={letter} now={now} />
        </span>
        <Outcome letter={letter} preview={preview} />
      </div>
    </li>
  );
}
