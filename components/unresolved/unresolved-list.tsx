"use client";

import Link from "next/link";
import { Fragment } from "react";
import { ageText } from "#components/dead-letters/letter-time.tsx";
import { formatCountdown } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import { Money } from "#components/ui/money.tsx";
import { StatusBadge, ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, RowCheckbox, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { AssigneeOf, type Assigning } from "#components/unresolved/assignee.tsx";
import { RowAnswer } from "#components/unresolved/row-answer.tsx";
import type { RowState } from "#components/unresolved/use-row-actions.ts";
import type { InboxRow } from "#components/unresolved/use-unresolved-list.ts";

/** Less than this left of a deadline is said in red, and with `!`. */
const urgentMs = 10 * 60_000;

export type ListProps = Readonly<{
  rows: readonly InboxRow[];
  count: number;
  fetching: boolean;
  states: ReadonlyMap<string, RowState>;
  selected: ReadonlySet<string>;
  onToggle: (id: string, range: boolean) => void;
  onToggleAll: () => void;
  onAsk: (id: string) => void;
  onHasten: (id: string) => void;
  assigning: Assigning;
  cursorId: string | null;
  now: Date | null;
}>;

/** Where the bytes of a row's messages are. */
export function exchangesPath(row: InboxRow): string {
  return `/payments/${row.paymentId}?tab=exchanges`;
}

/** Such a row can be asked about and selected: it is still open. */
export function isOpen(row: InboxRow): boolean {
  return row.left === undefined;
}

function KindBadge({ row }: { row: InboxRow }) {
  const { unresolved } = useTexts();
  switch (row.kind) {
    case "APPROVAL":
      return <StatusBadge status="UNKNOWN" />;
    case "CANCEL":
      return <StatusBadge status="CANCEL_PENDING" />;
    case "NET_CANCEL":
      return (
        <ToneBadge level="tint" tone="warn" icon={DiamondQuestion} label={unresolved.badges.NET_CANCEL} />
      );
    case "ORPHAN":
      return <ToneBadge level="solid" tone="unk" icon={DiamondQuestion} label={unresolved.badges.ORPHAN} />;
  }
}

/** Why the outcome is not known, in a few words. */
function Because({ row }: { row: InboxRow }) {
  const { payments } = useTexts();
  const text = row.because ? payments.timeline.because[row.because] : undefined;
  if (!text) return null;
  return (
    <small className="block truncate text-ink-3 text-meta" title={text}>
      {text}
    </small>
  );
}

/** What is left until the VAN takes no net cancel any more, and how long the outcome has been unknown. */
function Deadline({ row, now }: { row: InboxRow; now: Date | null }) {
  const { unresolved, deadLetters, common } = useTexts();
  if (!now) return null;
  const leftMs = row.deadlineAt ? row.deadlineAt.getTime() - now.getTime() : null;
  return (
    <>
      {leftMs === null ? (
        <span role="img" aria-label={common.notApplicable} className="text-ink-3">
          –
        </span>
      ) : leftMs > 0 ? (
        <span className={classes("font-semibold tabular-nums", leftMs < urgentMs && "text-bad")}>
          {formatCountdown(leftMs)}
          {leftMs < urgentMs ? <span title={unresolved.soon}>!</span> : null}
        </span>
      ) : (
        <span className="font-semibold text-bad">{unresolved.passed}</span>
      )}
      <small className="block text-ink-3 text-meta">
        {unresolved.since(ageText(now.getTime() - row.since.getTime(), deadLetters.duration))}
      </small>
    </>
  );
}

function LastExchange({ row }: { row: InboxRow }) {
  const { unresolved } = useTexts();
  const { exchange } = row;
  if (!exchange) return <span className="text-ink-3">{unresolved.noExchange}</span>;
  return (
    <>
      {unresolved.operations[exchange.operation]}{" "}
      {unresolved.outcomes[exchange.outcome] ?? exchange.responseCode ?? exchange.outcome}{" "}
      <DateTime at={exchange.startedAt} className="text-ink-3" />
    </>
  );
}

/** How often the platform has tried by itself, and when it does next. */
function NextTry({ row, now }: { row: InboxRow; now: Date | null }) {
  const { job: words } = useTexts().unresolved;
  const { job } = row;
  if (!job) {
    if (!row.deadLetterId) return <>{words.none}</>;
    return (
      <>
        {words.dead} · {row.deadTries === null ? null : <>{words.deadTries(row.deadTries)} · </>}
        <Link href={`/dead-letters?q=${row.deadLetterId}`} className="text-link underline">
          {words.deadLink}
        </Link>
      </>
    );
  }
  const leftMs = now ? job.nextAt.getTime() - now.getTime() : 0;
  const next = job.isRunning
    ? words.running
    : leftMs <= 0
      ? words.now
      : job.waitsForVan
        ? words.waitsForVan
        : words.next(formatCountdown(leftMs));
  return (
    <>
      {words.tries(job.tries, row.triesMax)} · {next}
    </>
  );
}

/** The list as a table: two-line rows, what can still be net-cancelled first, then the longest unknown; what the VAN answered stands below its row. */
export function UnresolvedTable(props: ListProps) {
  const { unresolved } = useTexts();
  const { columns } = unresolved;
  const mayResolve = useMay("payment:resolve");
  const open = props.rows.filter(isOpen);
  const every = open.length > 0 && open.every((row) => props.selected.has(row.subjectId));
  return (
    <Table
      caption={unresolved.caption(props.count)}
      fetching={props.fetching}
      className="min-w-[1020px] table-fixed"
      wrapperClassName="flex-1"
    >
      <colgroup>
        {mayResolve ? <col className="w-11" /> : null}
        <col className={mayResolve ? "w-[152px]" : "w-[168px]"} />
        <col className="w-[104px]" />
        <col />
        <col className="w-[92px]" />
        <col className="w-[208px]" />
        <col className="w-[104px]" />
        {mayResolve ? <col className="w-[140px]" /> : null}
      </colgroup>
      <TableHead>
        {mayResolve ? (
          <HeaderCell className="first:pl-3">
            <RowCheckbox
              label={unresolved.selectAll}
              checked={every}
              indeterminate={props.selected.size > 0 && !every}
              onChange={props.onToggleAll}
            />
          </HeaderCell>
        ) : null}
        <HeaderCell className={mayResolve ? "" : "first:pl-4"}>{columns.status}</HeaderCell>
        <HeaderCell numeric>{columns.deadline}</HeaderCell>
        <HeaderCell className="pl-4">{columns.payment}</HeaderCell>
        <HeaderCell numeric>{columns.amount}</HeaderCell>
        <HeaderCell className="pl-4">{columns.last}</HeaderCell>
        <HeaderCell className={mayResolve ? "" : "last:pr-4"}>{columns.assignee}</HeaderCell>
        {mayResolve ? (
          <HeaderCell numeric className="last:pr-4">
            {columns.action}
          </HeaderCell>
        ) : null}
      </TableHead>
      <tbody className={classes(props.fetching && "opacity-60")}>
        {props.rows.map((row) => (
          <Row key={row.subjectId} row={row} mayResolve={mayResolve} {...props} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ row, mayResolve, ...props }: ListProps & { row: InboxRow; mayResolve: boolean }) {
  const { unresolved } = useTexts();
  const { now, states, selected, onToggle } = props;
  const state = states.get(row.subjectId);
  const gone = !isOpen(row);
  const says = gone || state !== undefined;
  return (
    <Fragment>
      <TableRow
        selected={selected.has(row.subjectId)}
        cursor={props.cursorId === row.subjectId}
        data-row={row.subjectId}
        className={classes(gone && "animate-changed", says && "[&>td]:border-b-0")}
      >
        {mayResolve ? (
          <Cell tall className="first:pl-3">
            <RowCheckbox
              label={unresolved.selectRow(row.orderId)}
              checked={selected.has(row.subjectId)}
              disabled={gone}
              onChange={(event) =>
                onToggle(row.subjectId, (event.nativeEvent as MouseEvent).shiftKey === true)
              }
            />
          </Cell>
        ) : null}
        <Cell tall className={classes("overflow-hidden leading-[18px]", !mayResolve && "first:pl-4")}>
          <KindBadge row={row} />
          <Because row={row} />
        </Cell>
        <Cell tall numeric className="leading-[18px]">
          {gone ? null : <Deadline row={row} now={now} />}
        </Cell>
        <Cell tall className="overflow-hidden pl-4 leading-[18px]">
          <Link
            href={exchangesPath(row)}
            aria-label={unresolved.open(row.orderId)}
            className="block truncate text-ink hover:underline"
          >
            {row.orderId}
          </Link>
          <small
            className="block truncate text-ink-3 text-meta"
            title={`${row.vanCode} · ${row.mallName} · ${row.orderName}`}
          >
            {row.vanCode} · {row.mallName}
          </small>
        </Cell>
        <Cell tall numeric className="font-semibold">
          <Money amountMinor={row.amountMinor} bare />
        </Cell>
        <Cell tall className="overflow-hidden pl-4 leading-[18px]">
          <span className="block truncate">
            <LastExchange row={row} />
          </span>
          <small className="block truncate text-ink-3 text-meta">
            {gone ? null : <NextTry row={row} now={now} />}
          </small>
        </Cell>
        <Cell tall className={classes("overflow-hidden leading-[18px]", !mayResolve && "last:pr-4")}>
          <AssigneeOf row={row} assigning={props.assigning} mayResolve={mayResolve && !gone} />
        </Cell>
        {mayResolve ? (
          <Cell tall numeric className="last:pr-4">
            {gone ? null : <AskButton row={row} state={state} onAsk={props.onAsk} />}
          </Cell>
        ) : null}
      </TableRow>
      {says ? (
        <tr>
          <td
            colSpan={mayResolve ? 8 : 6}
            className="border-line border-b pb-2.5 pl-[60px] max-full:pl-4 pr-4"
          >
            <RowAnswer row={row} state={state} now={now} onHasten={props.onHasten} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  );
}

function AskButton({
  row,
  state,
  onAsk,
}: {
  row: InboxRow;
  state: RowState | undefined;
  onAsk: (id: string) => void;
}) {
  const { unresolved } = useTexts();
  return (
    <Button
      size="small"
      busy={state?.isAsking ?? false}
      aria-label={unresolved.askOf(row.orderId)}
      onClick={() => onAsk(row.subjectId)}
    >
      {unresolved.ask}
    </Button>
  );
}

/** The list on a narrow screen: a few lines per row, its buttons below. */
export function UnresolvedCards(props: ListProps) {
  const { unresolved } = useTexts();
  const mayResolve = useMay("payment:resolve");
  return (
    <ul aria-label={unresolved.caption(props.count)} className={classes(props.fetching && "opacity-60")}>
      {props.rows.map((row) => (
        <Card key={row.subjectId} row={row} mayResolve={mayResolve} {...props} />
      ))}
    </ul>
  );
}

function Card({ row, mayResolve, ...props }: ListProps & { row: InboxRow; mayResolve: boolean }) {
  const { unresolved } = useTexts();
  const state = props.states.get(row.subjectId);
  const gone = !isOpen(row);
  return (
    <li data-row={row.subjectId} className="border-line border-b px-4 py-3">
      <div className="flex gap-2">
        {mayResolve ? (
          <span className="-mt-2.5 -ml-2">
            <RowCheckbox
              label={unresolved.selectRow(row.orderId)}
              checked={props.selected.has(row.subjectId)}
              disabled={gone}
              onChange={() => props.onToggle(row.subjectId, false)}
            />
          </span>
        ) : null}
        <div className="min-w-0 flex-1">
          <KindBadge row={row} />
          <Link
            href={exchangesPath(row)}
            aria-label={unresolved.open(row.orderId)}
            className="mt-1 block min-h-6 truncate text-ink"
          >
            {row.orderId}
          </Link>
          <span className="block truncate text-ink-3 text-meta">
            {row.vanCode} · {row.mallName}
          </span>
          <span className="block truncate text-ink-2 text-meta">
            <LastExchange row={row} />
          </span>
        </div>
        <div className="shrink-0 text-right leading-[20px]">
          <Money amountMinor={row.amountMinor} className="block font-semibold text-figure" />
          {gone ? null : <Deadline row={row} now={props.now} />}
        </div>
      </div>
      {/* One line of the whole width: as its seconds count down it must not break and move what is below. */}
      {gone ? null : (
        <p className={classes("truncate text-ink-3 text-meta", mayResolve && "pl-10")}>
          <NextTry row={row} now={props.now} />
        </p>
      )}
      {gone ? null : (
        <div className={classes("mt-1 flex items-center justify-between gap-2", mayResolve && "pl-10")}>
          <div className="flex min-w-0 items-center gap-2">
            <AssigneeOf row={row} assigning={props.assigning} mayResolve={mayResolve} />
          </div>
          {mayResolve ? <AskButton row={row} state={state} onAsk={props.onAsk} /> : null}
        </div>
      )}
      {gone || state ? (
        <div className="mt-2">
          <RowAnswer row={row} state={state} now={props.now} onHasten={props.onHasten} />
        </div>
      ) : null}
    </li>
  );
}
