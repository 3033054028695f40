"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { InboxRow } from "#components/unresolved/use-unresolved-list.ts";

/** Taking a row in hand and giving it back. */
export type Assigning = Readonly<{
  take: (row: InboxRow) => void;
  release: (row: InboxRow) => void;
  /** The row whose assignee is being changed. */
  busyId: string | null;
}>;

/** Who has a row in hand, the last note about it, and the one thing that can be done about that. */
export function AssigneeOf({
  row,
  assigning,
  mayResolve,
}: {
  row: InboxRow;
  assigning: Assigning;
  mayResolve: boolean;
}) {
  const { assign } = useTexts().unresolved;
  const me = useOperator();
  const { assignment } = row;
  const holder = assignment?.operatorId ?? null;
  const isMine = holder === me.id;
  const name = isMine ? assign.me : holder ? (assignment?.operatorName ?? holder) : null;
  const action = isMine
    ? { label: assign.release, name: assign.releaseOf(row.orderId), run: assigning.release }
    : holder
      ? {
          label: assign.takeOver,
          name: assign.takeOverOf(row.orderId, name ?? holder),
          run: assigning.take,
        }
      : { label: assign.take, name: assign.takeOf(row.orderId), run: assigning.take };
  const note =
    assignment?.note && !holder ? (
      <Tooltip content={`${assign.noteBy(assignment.notedByName ?? "")}: ${assignment.note}`}>
        <button type="button" className="block h-6 max-w-full cursor-default truncate text-left text-ink-2">
          {assignment.note}
        </button>
      </Tooltip>
    ) : null;
  return (
    <>
      {name ? (
        <b className="block truncate font-semibold" title={name}>
          {name}
        </b>
      ) : (
        (note ?? <span className="block text-ink-3">{assign.nobody}</span>)
      )}
      {mayResolve ? (
        <button
          type="button"
          aria-label={action.name}
          disabled={assigning.busyId === row.subjectId}
          onClick={() => action.run(row)}
          className="inline-flex h-6 items-center text-link text-meta underline underline-offset-2 disabled:opacity-50 wide:-my-[3px] max-wide:h-10"
        >
          {action.label}
        </button>
      ) : null}
    </>
  );
}
