import { createHash } from "node:crypto";
import {
  bulkRowsMax,
  type PlannedOutcome,
  plannedOutcomes,
  previewRowsMax,
} from "#server/bulk/bulk.values.ts";
import type { BulkSource } from "#server/bulk/bulk-cancel.schemas.ts";
import { type BulkRow, type LineError, parseBulkRows } from "#server/bulk/domain/parse-bulk-rows.ts";
import { outcomeOfRefusal, type RowRefusal } from "#server/bulk/domain/plan-cancel.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import { findPayments, type NamedPayments } from "#server/payments/find-payments.ts";
import { previewOf } from "#server/payments/preview-cancel.ts";
import type { PaymentWithCancels } from "#server/payments/read-payment.ts";
import type { Context } from "#server/platform/context.ts";

type Money = Readonly<{ amountMinor: bigint; taxFreeMinor: bigint; vatMinor: bigint }>;

/** A row as it would be cancelled now. `change` is null for one that would not, and `code` says why. */
export type PlannedRow = Readonly<{
  rowNo: number;
  given: string;
  outcome: PlannedOutcome;
  code: RowRefusal | null;
  payment: Readonly<{
    id: string;
    mallId: string;
    orderId: string;
    orderName: string;
    status: PaymentStatus;
    balanceMinor: bigint;
  }> | null;
  change: (Money & Readonly<{ statusAfter: "PARTIAL_CANCELED" | "CANCELED"; isAcquired: boolean }>) | null;
}>;

/** What the rows that will be cancelled give back together. Amounts are minor units. */
export type PlanTotals = Money &
  Readonly<{
    partial: number;
    /** Of business dates that are over: deducted from a later settlement. */
    acquired: Readonly<{ count: number; amountMinor: bigint }>;
    notAcquired: Readonly<{ count: number; amountMinor: bigint }>;
  }>;

export type BulkPlan = Readonly<{
  at: Date;
  rows: readonly PlannedRow[];
  counts: Readonly<Record<PlannedOutcome, number>>;
  totals: PlanTotals;
  /** Of all that will be sent to VANs: two dry runs with the same digest would cancel the same. */
  digest: string;
}>;

export type BulkPreview =
  | Readonly<{ kind: "unreadable"; errors: readonly LineError[]; errorsTotal: number }>
  | Readonly<{
      kind: "planned";
      plan: Omit<BulkPlan, "rows"> &
        Readonly<{ rowsTotal: number; rows: readonly PlannedRow[]; codes: readonly CodeCount[] }>;
    }>;
export type CodeCount = Readonly<{ code: RowRefusal; count: number }>;

/**
 * The dry run of a bulk cancel: what each row would do by today's truth, through the decision that the cancel itself goes
 * through. Changes nothing and asks no VAN. A file with a line that cannot be read has no plan, only its errors. Of the
 * rows at most `previewRowsMax` come back, those that will not be cancelled first; the totals are of all.
 */
export async function previewBulkCancel(
  ctx: Pick<Context, "reports" | "now">,
  source: BulkSource,
): Promise<BulkPreview> {
  const planned = await planBulkCancel(ctx, source);
  return planned.kind === "unreadable" ? planned : shownPlan(planned.plan);
}

/** What of a plan goes to the screen. */
export function shownPlan({ rows, ...plan }: BulkPlan): Extract<BulkPreview, { kind: "planned" }> {
  const codes = new Map<RowRefusal, number>();
  for (const { code } of rows) if (code) codes.set(code, (codes.get(code) ?? 0) + 1);
  const shown = [...rows]
    .sort((a, b) => Number(a.outcome === "CANCEL") - Number(b.outcome === "CANCEL") || a.rowNo - b.rowNo)
    .slice(0, previewRowsMax);
  return {
    kind: "planned",
    plan: {
      ...plan,
      rowsTotal: rows.length,
      rows: shown,
      codes: [...codes].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count),
    },
  };
}

/** Plans every row of a source. The preview shows it; the start makes it again and compares the digests. */
export async function planBulkCancel(
  ctx: Pick<Context, "reports" | "now">,
  source: BulkSource,
): Promise<Extract<BulkPreview, { kind: "unreadable" }> | Readonly<{ kind: "planned"; plan: BulkPlan }>> {
  const parsed = source.kind === "csv" ? parseBulkRows([source.text], bulkRowsMax) : rowsOfIds(source.ids);
  if (parsed.errorsTotal > 0)
    return { kind: "unreadable", errors: parsed.errors, errorsTotal: parsed.errorsTotal };
  const at = ctx.now();
  const nameOf = (by: BulkRow["by"]) => parsed.rows.filter((row) => row.by === by).map((row) => row.given);
  const named = await findPayments(ctx.reports, {
    paymentIds: nameOf("payment"),
    orderIds: nameOf("order"),
  });
  const taken = new Set<string>();
  const rows = parsed.rows.map((row, index) => planRow(row, index + 1, named, taken, at));
  return { kind: "planned", plan: { at, rows, ...summaryOf(rows), digest: digestOf(rows) } };
}

function rowsOfIds(ids: readonly string[]) {
  const rows: BulkRow[] = [...new Set(ids)].map((given, index) => ({
    line: index + 1,
    given,
    by: "payment",
    amountMinor: null,
    taxFreeMinor: null,
  }));
  return { rows, errors: [], errorsTotal: 0 };
}

function planRow(
  row: BulkRow,
  rowNo: number,
  named: NamedPayments,
  taken: Set<string>,
  at: Date,
): PlannedRow {
  const about = { rowNo, given: row.given, payment: null, change: null };
  const refuse = (code: RowRefusal) => ({ ...about, outcome: outcomeOfRefusal(code), code });
  const ofOrder = named.ofOrder.get(row.given) ?? [];
  const found: PaymentWithCancels | undefined =
    row.by === "payment" ? named.ofKey.get(row.given) : ofOrder[0];
  if (!found) return refuse("NOT_FOUND_PAYMENT");
  if (row.by === "order" && ofOrder.length > 1) return refuse("ORDER_OF_SEVERAL_MALLS");
  const { payment, cancels } = found;
  const preview = previewOf(
    payment,
    cancels,
    { amountMinor: row.amountMinor ?? undefined, taxFreeMinor: row.taxFreeMinor ?? undefined },
    at,
  );
  const seen = {
    payment: {
      id: payment.id,
      mallId: payment.mallId,
      orderId: payment.orderId,
      orderName: payment.orderName,
      status: payment.status,
      balanceMinor: preview.now.balanceMinor,
    },
  };
  if (taken.has(payment.id)) return { ...refuse("SAME_PAYMENT_TWICE"), ...seen };
  taken.add(payment.id);
  if (!preview.change || !preview.statusAfter)
    return { ...refuse(preview.refusal?.code ?? "NOT_CANCELABLE_PAYMENT"), ...seen };
  return {
    ...about,
    ...seen,
    outcome: "CANCEL",
    code: null,
    change: {
      amountMinor: preview.change.balanceMinor,
      taxFreeMinor: preview.change.taxFreeMinor,
      vatMinor: preview.change.vatMinor,
      statusAfter: preview.statusAfter,
      isAcquired: preview.acquisition?.isAcquired ?? false,
    },
  };
}

function summaryOf(rows: readonly PlannedRow[]): Pick<BulkPlan, "counts" | "totals"> {
  const counts = Object.fromEntries(
    plannedOutcomes.map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length]),
  ) as Record<PlannedOutcome, number>;
  const changes = rows.flatMap(({ change }) => (change ? [change] : []));
  const sum = (of: readonly Money[], field: keyof Money) =>
    of.reduce((total, change) => total + change[field], 0n);
  const ofAcquired = (isAcquired: boolean) => {
    const these = changes.filter((change) => change.isAcquired === isAcquired);
    return { count: these.length, amountMinor: sum(these, "amountMinor") };
  };
  return {
    counts,
    totals: {
      amountMinor: sum(changes, "amountMinor"),
      taxFreeMinor: sum(changes, "taxFreeMinor"),
      vatMinor: sum(changes, "vatMinor"),
      partial: changes.filter(({ statusAfter }) => statusAfter === "PARTIAL_CANCELED").length,
      acquired: ofAcquired(true),
      notAcquired: ofAcquired(false),
    },
  };
}

function digestOf(rows: readonly PlannedRow[]): string {
  const hash = createHash("sha256");
  for (const { rowNo, payment, change } of rows) {
    if (!payment || !change) continue;
    hash.update(
      `${rowNo} ${payment.id} ${payment.balanceMinor} ${change.amountMinor} ${change.taxFreeMinor}\n`,
    );
  }
  return hash.digest("hex");
}
