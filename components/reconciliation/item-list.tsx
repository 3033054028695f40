"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { spanText } from "#components/integrity/time-words.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { Side } from "#components/reconciliation/item-sides.tsx";
import { itemName, shortReason } from "#components/reconciliation/item-words.ts";
import { ClassBadge, ItemStateBadge } from "#components/reconciliation/recon-badges.tsx";
import { classes } from "#components/ui/classes.ts";
import { Money } from "#components/ui/money.tsx";
import { Cell, HeaderCell, RowCheckbox, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

export type ItemListProps = Readonly<{
  rows: readonly ReconItemRow[];
  count: number;
  fetching: boolean;
  now: Date | null;
  /** All are of one day, which the page names. */
  isOfOneDay: boolean;
  /** Undefined for those who may do nothing about them. */
  selecting:
    | Readonly<{
        selected: ReadonlySet<string>;
        selectable: ReadonlySet<string>;
        onToggle: (id: string, range: boolean) => void;
        onToggleAll: () => void;
      }>
    | undefined;
  cursorId: string | null;
  onOpen: (id: string) => void;
  more: React.ReactNode;
}>;

/** The list as a table: what each side has of a record beside the others, the most urgent first. */
export function ItemTable(props: ItemListProps) {
  const { items } = useTexts().reconciliation;
  const { columns } = items;
  const { rows, selecting, isOfOneDay } = props;
  const isEvery = selecting !== undefined && selecting.selected.size === selecting.selectable.size;
  return (
    <Table
      caption={items.caption(props.count)}
      fetching={props.fetching}
      className="min-w-[1080px] table-fixed tabular-nums"
      wrapperClassName="flex-1"
    >
      <colgroup>
        {selecting ? <col className="w-11" /> : null}
        <col className="w-[232px]" />
        <col />
        {isOfOneDay ? null : <col className="w-[96px]" />}
        <col className="w-[92px]" />
        <col className="w-[92px]" />
        <col className="w-[92px]" />
        <col className="w-[92px]" />
        <col className="w-[112px]" />
        <col className="w-[76px]" />
        <col className="w-[132px]" />
      </colgroup>
      <TableHead>
        {selecting ? (
          <HeaderCell className="first:pl-3">
            <RowCheckbox
              label={items.selectAll}
              checked={selecting.selected.size > 0 && isEvery}
              indeterminate={selecting.selected.size > 0 && !isEvery}
              disabled={selecting.selectable.size === 0}
              onChange={selecting.onToggleAll}
            />
          </HeaderCell>
        ) : null}
        <HeaderCell>{columns.class}</HeaderCell>
        <HeaderCell>{columns.record}</HeaderCell>
        {isOfOneDay ? null : <HeaderCell>{columns.day}</HeaderCell>}
        <HeaderCell numeric>{columns.ours}</HeaderCell>
        <HeaderCell numeric>{columns.van}</HeaderCell>
        <HeaderCell numeric>{columns.paid}</HeaderCell>
        <HeaderCell numeric>{columns.risk}</HeaderCell>
        <HeaderCell className="pl-4">{columns.owner}</HeaderCell>
        <HeaderCell numeric>{columns.age}</HeaderCell>
        <HeaderCell className="pl-4">{columns.state}</HeaderCell>
      </TableHead>
      <tbody className={classes(props.fetching && "opacity-60")}>
        {rows.map((item) => (
          <Row key={String(item.id)} item={item} {...props} />
        ))}
        {props.more ? (
          <tr>
            <td colSpan={(selecting ? 10 : 9) + (isOfOneDay ? 0 : 1)} className="py-2 text-center">
              {props.more}
            </td>
          </tr>
        ) : null}
      </tbody>
    </Table>
  );
}

function Row({ item, selecting, now, ...props }: ItemListProps & { item: ReconItemRow }) {
  const { reconciliation } = useTexts();
  const { items, reasons } = reconciliation;
  const id = String(item.id);
  const name = itemName(item);
  return (
    <TableRow selected={selecting?.selected.has(id) ?? false} cursor={props.cursorId === id} data-row={id}>
      {selecting ? (
        <Cell tall className="first:pl-3">
          {selecting.selectable.has(id) ? (
            <RowCheckbox
              label={items.select(name)}
              checked={selecting.selected.has(id)}
              onChange={(event) =>
                selecting.onToggle(id, (event.nativeEvent as MouseEvent).shiftKey === true)
              }
            />
          ) : null}
        </Cell>
      ) : null}
      <Cell tall className="overflow-hidden leading-[18px]">
        <ClassBadge item={item} />
        <small className="block truncate text-ink-3 text-meta" title={reasons[item.reason]}>
          {shortReason(reasons[item.reason])}
        </small>
      </Cell>
      <Cell tall className="overflow-hidden leading-[18px]">
        <button
          type="button"
          aria-label={items.open(name)}
          onClick={() => props.onOpen(id)}
          className="block max-w-full truncate text-left text-ink hover:underline"
        >
          {name}
        </button>
        <small className="block truncate text-ink-3 text-meta">
          <RecordWords item={item} />
        </small>
      </Cell>
      {props.isOfOneDay ? null : (
        <Cell tall className="leading-[18px]">
          {item.businessDate}
          <small className="block text-ink-3 text-meta">{item.vanCode}</small>
        </Cell>
      )}
      <Cell tall numeric className="leading-[18px]">
        <Side amountMinor={item.oursMinor} date={item.oursDate} businessDate={item.businessDate} />
      </Cell>
      <Cell tall numeric className="leading-[18px]">
        <Side amountMinor={item.vanMinor} date={item.vanDate} businessDate={item.businessDate} />
      </Cell>
      <Cell tall numeric className="leading-[18px]">
        <Side amountMinor={item.paidMinor} date={item.paidDate} businessDate={item.businessDate} />
      </Cell>
      <Cell tall numeric className={classes(item.state !== "EXPLAINED" && "font-semibold")}>
        <Money bare amountMinor={item.riskMinor} still={item.state === "EXPLAINED"} />
      </Cell>
      <Cell tall className="overflow-hidden pl-4 leading-[18px]">
        <OwnerWords item={item} />
      </Cell>
      <Cell tall numeric className="text-ink-2">
        {now ? spanText(now.getTime() - item.foundAt.getTime(), reconciliation.age) : null}
      </Cell>
      <Cell tall className="overflow-hidden pl-4 leading-[18px]">
        <ItemStateBadge state={item.state} />
        <ResolutionWords item={item} />
      </Cell>
    </TableRow>
  );
}

function RecordWords({ item }: { item: ReconItemRow }) {
  const { recordKinds } = useTexts().reconciliation;
  return (
    <>
      {[recordKinds[item.kind], item.mallName ?? item.mallId, item.orderId === null ? null : item.traceNo]
        .filter(Boolean)
        .join(" · ")}
    </>
  );
}

/** Who has it, and under that what was noted last. */
function OwnerWords({ item }: { item: ReconItemRow }) {
  const words = useTexts().reconciliation.item;
  const me = useOperator();
  return (
    <>
      <span className={classes("block truncate", item.ownerId === null && "text-ink-3")}>
        {item.ownerId === null ? words.nobody : item.ownerId === me.id ? words.me : item.ownerName}
      </span>
      {item.note ? (
        <small className="block truncate text-ink-3 text-meta" title={item.note}>
          {item.note}
        </small>
      ) : null}
    </>
  );
}

function ResolutionWords({ item }: { item: ReconItemRow }) {
  const { resolutions } = useTexts().reconciliation;
  if (item.resolution === null) return null;
  const text = [resolutions[item.resolution], item.resolutionReason].filter(Boolean).join(" · ");
  return (
    <small className="block truncate text-ink-3 text-meta" title={text}>
      {text}
    </small>
  );
}

/** The list at 390 px: a few lines per difference, its money the loudest. */
export function ItemCards({
  rows,
  count,
  fetching,
  now,
  selecting,
  isOfOneDay,
  onOpen,
  more,
}: ItemListProps) {
  const { reconciliation } = useTexts();
  const { items, reasons, age } = reconciliation;
  return (
    <>
      <ul aria-label={items.caption(count)} className={classes("tabular-nums", fetching && "opacity-60")}>
        {rows.map((item) => {
          const id = String(item.id);
          const name = itemName(item);
          return (
            <li key={id} className="flex gap-2 border-line border-b px-4 py-2.5">
              {selecting ? (
                <span className="-mt-2 -ml-2 w-10 shrink-0">
                  {selecting.selectable.has(id) ? (
                    <RowCheckbox
                      label={items.select(name)}
                      checked={selecting.selected.has(id)}
                      onChange={() => selecting.onToggle(id, false)}
                    />
                  ) : null}
                </span>
              ) : null}
              <div className="relative min-w-0 flex-1">
                <div className="flex items-center justify-between gap-2">
                  <ClassBadge item={item} />
                  <Money amountMinor={item.riskMinor} className="font-semibold text-figure" />
                </div>
                <button
                  type="button"
                  aria-label={items.open(name)}
                  onClick={() => onOpen(id)}
                  className="block min-h-6 max-w-full truncate text-left after:absolute after:inset-0"
                >
                  {name}
                </button>
                <p className="truncate text-ink-3 text-meta">
                  {isOfOneDay ? null : (
                    <>
                      {item.businessDate} {item.vanCode} ·{" "}
                    </>
                  )}
                  <RecordWords item={item} />
                </p>
                <p className="text-ink-2 text-meta">{shortReason(reasons[item.reason])}</p>
                <div className="flex items-center justify-between gap-2 text-meta">
                  <ItemStateBadge state={item.state} />
                  <span className="min-w-0 truncate text-ink-3">
                    {[item.ownerName, now && spanText(now.getTime() - item.foundAt.getTime(), age)]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </div>
              </div>
            </li>
          );
        })}
      </ul>
      {more ? <div className="flex justify-center py-2">{more}</div> : null}
    </>
  );
}
