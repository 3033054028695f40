"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { PaymentRail } from "#components/payments/payment-rail.tsx";
import { useDeadline } from "#components/payments/payment-row-parts.tsx";
import { refetchEveryMs } from "#components/payments/refetch-every-ms.ts";
import type { ShownRow } from "#components/payments/use-payment-list.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { HeroMoney } from "#components/ui/money.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";

/** A look at a payment without leaving the list: the rail of its page (design §1). */
export function PaymentPeek({ row, onClose }: { row: ShownRow; onClose: () => void }) {
  const { common, payments, paymentList } = useTexts();
  const trpc = useTRPC();
  const detail = useQuery(
    trpc.payment.detail.queryOptions(
      { paymentKey: row.id },
      { staleTime: 0, refetchInterval: (query) => refetchEveryMs(query.state.data) },
    ),
  );
  const { data: record, refetch } = detail;
  // The list is told of a change by itself, and may be told first.
  const isBehind = record !== undefined && record.version < row.version;
  useEffect(() => {
    if (isBehind) void refetch();
  }, [isBehind, refetch]);
  const { status, netCancelUntil, amountMinor } = record === undefined || isBehind ? row : record;
  const left = useDeadline(netCancelUntil);
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={row.orderId}
      footer={
        <>
          <Button onClick={onClose}>{common.close}</Button>
          <Link href={`/payments/${row.id}`} className={buttonClasses("primary")}>
            {paymentList.help.keys.open}
          </Link>
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-x-3">
        <span className="font-bold text-hero">
          <HeroMoney amountMinor={amountMinor} />
        </span>
        <StatusBadge status={status} size="large" note={left} />
      </div>
      {record ? (
        <PaymentRail record={record} inDrawer />
      ) : detail.isError ? (
        <QueryError
          error={detail.error}
          title={payments.page.loadFailed}
          onRetry={() => void detail.refetch()}
          retrying={detail.isFetching}
        />
      ) : (
        <div role="status" className="flex flex-col gap-4">
          <span className="sr-only">{common.loading}</span>
          {["w-2/3", "w-1/2", "w-3/5", "w-2/5"].map((width) => (
            <Skeleton key={width} className={width} />
          ))}
        </div>
      )}
    </Drawer>
  );
}
