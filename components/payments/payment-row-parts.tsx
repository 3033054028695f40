"use client";

import { formatCountdown } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { ShownRow } from "#components/payments/use-payment-list.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";

const withMoney: readonly PaymentStatus[] = ["DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"];
const neverMoved: readonly PaymentStatus[] = ["ABORTED", "NET_CANCELED", "EXPIRED"];

/** The money of a row as columns that add up: amount − canceled = balance. `null` where it does not apply. */
export function rowMoney(row: Pick<ShownRow, "status" | "amountMinor" | "canceledMinor">) {
  const approved = withMoney.includes(row.status);
  return {
    amountMinor: row.amountMinor,
    canceledMinor: approved ? -row.canceledMinor : null,
    balanceMinor: approved ? row.amountMinor - row.canceledMinor : null,
    still: neverMoved.includes(row.status),
  };
}

const warnBelowMs = 10 * 60_000;

/** What is left until an instant, each second: `58:12`; `isPast` once it has come. Nothing before the page runs. */
export function useTimeLeft(
  until: Date | null,
): { clock: string; isPast: boolean; isNear: boolean } | undefined {
  const now = useNow();
  if (!until || !now) return undefined;
  const leftMs = until.getTime() - now.getTime();
  return { clock: formatCountdown(leftMs), isPast: leftMs <= 0, isNear: leftMs < warnBelowMs };
}

/** What is left of a deadline in words: `58:12`, `9:12!` below ten minutes (design §4), `기한 지남` afterwards. */
export function useDeadline(until: Date | null): string | undefined {
  const { list } = useTexts().payments;
  const left = useTimeLeft(until);
  if (!left) return undefined;
  return left.isPast ? list.deadlinePassed : `${left.clock}${left.isNear ? "!" : ""}`;
}

function CountingBadge({ status, until }: { status: PaymentStatus; until: Date }) {
  return <StatusBadge status={status} note={useDeadline(until)} />;
}

/** A row's status; an unknown outcome counts down to its net-cancel deadline. */
export function RowStatus({ row }: { row: ShownRow }) {
  return row.netCancelUntil ? (
    <CountingBadge status={row.status} until={row.netCancelUntil} />
  ) : (
    <StatusBadge status={row.status} />
  );
}

/** Says of a row that changed under the person's eyes that it would not be found any more. */
export function LeftFilter({ row }: { row: ShownRow }) {
  const { list } = useTexts().payments;
  return row.left ? (
    <span className="shrink-0 rounded-chip bg-mute-bg px-1.5 text-meta text-mute leading-5">
      {list.leftFilter}
    </span>
  ) : null;
}
