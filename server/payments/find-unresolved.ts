import type { UnresolvedKind } from "#server/payments/domain/decide-unresolved.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import { loadOrphan, loadPayment } from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";

/** What an inbox row is about, as it stands now. */
export type Unresolved = Readonly<{
  subjectId: string;
  kind: UnresolvedKind;
  payment: Payment;
  /** Of CANCEL and NET_CANCEL. */
  cancel: PaymentCancel | undefined;
  amountMinor: bigint;
  isOpen: boolean;
  /** The job that brings it to its end, and the id that job knows it by. */
  recovery: Readonly<{ kind: "net-cancel" | "recover-cancel" | "reverse-orphan"; id: string }>;
}>;

/** Finds what a row of the inbox is about; `undefined` when there is nothing of that id. */
export async function findUnresolved(
  ctx: Pick<Context, "sql">,
  subjectId: string,
): Promise<Unresolved | undefined> {
  if (subjectId.startsWith("cxl_")) return findOpenCancel(ctx, subjectId);
  if (subjectId.startsWith("orphan_")) return findOrphan(ctx, subjectId);
  const payment = await loadPayment(ctx.sql, subjectId);
  return (
    payment && {
      subjectId,
      kind: "APPROVAL",
      payment,
      cancel: undefined,
      amountMinor: payment.amountMinor,
      isOpen: payment.status === "UNKNOWN",
      recovery: { kind: "net-cancel", id: payment.id },
    }
  );
}

async function findOpenCancel(ctx: Pick<Context, "sql">, subjectId: string): Promise<Unresolved | undefined> {
  const found = await findCancel(ctx, subjectId);
  if (!found) return undefined;
  const { payment, cancel } = found;
  const isNetCancel = cancel.origin === "NET_CANCEL";
  return {
    subjectId,
    kind: isNetCancel ? "NET_CANCEL" : "CANCEL",
    payment,
    cancel,
    amountMinor: cancel.amountMinor,
    isOpen: cancel.status === "REQUESTED" || cancel.status === "UNKNOWN",
    recovery: isNetCancel
      ? { kind: "net-cancel", id: payment.id }
      : { kind: "recover-cancel", id: cancel.id },
  };
}

async function findOrphan(ctx: Pick<Context, "sql">, subjectId: string): Promise<Unresolved | undefined> {
  const orphan = await loadOrphan(ctx.sql, BigInt(subjectId.slice("orphan_".length)));
  const payment = orphan && (await loadPayment(ctx.sql, orphan.paymentId));
  if (!orphan || !payment) return undefined;
  return {
    subjectId,
    kind: "ORPHAN",
    payment,
    cancel: undefined,
    amountMinor: orphan.amountMinor,
    isOpen: orphan.state === "OPEN",
    recovery: { kind: "reverse-orphan", id: String(orphan.id) },
  };
}
