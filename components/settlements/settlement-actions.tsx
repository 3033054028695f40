"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import type { Decision } from "#components/settlements/settlement-bookings.ts";
import { payoutBarOf } from "#components/settlements/settlement-steps.ts";
import { Button } from "#components/ui/button.tsx";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { Note } from "#components/ui/note.tsx";
import type { SettlementDetail } from "#server/settlement/settlement-queries.ts";

const DecideSettlementsSheet = dynamic(
  () =>
    import("#components/settlements/decide-settlements-sheet.tsx").then(
      (module) => module.DecideSettlementsSheet,
    ),
  { ssr: false },
);
const WithholdSheet = dynamic(
  () => import("#components/settlements/hold-sheets.tsx").then((module) => module.WithholdSheet),
  { ssr: false },
);
const AdjustSheet = dynamic(
  () => import("#components/settlements/adjust-sheet.tsx").then((module) => module.AdjustSheet),
  { ssr: false },
);

const lookEveryMs = 5_000;

/** What is asked for of a settlement and still open, read again while the page is looked at. */
export function useOpenRequests(settlementId: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.settlement.openRequests.queryOptions(
      { settlementIds: [settlementId] },
      { staleTime: 0, refetchInterval: lookEveryMs },
    ),
  );
}

type SheetName = Decision | "withhold" | "adjust";

/** What may be asked for of a settlement as it stands: at most one step forward, a hold, and a correction. */
export function SettlementActions({ settlement }: { settlement: SettlementDetail }) {
  const { settlements } = useTexts();
  const words = settlements.actions;
  const maySettle = useMay("settlement:manage");
  const open = useOpenRequests(settlement.id).data ?? [];
  // What a sheet is about stays as it was when it opened: nobody agrees to what was read again under their eyes.
  const [asking, setAsking] = useState<Readonly<{ sheet: SheetName; settlement: SettlementDetail }> | null>(
    null,
  );
  const { status } = settlement;
  if (!maySettle) return null;
  const isOpen = (kind: (typeof open)[number]["kind"]) => open.some((one) => one.kind === kind);
  const bar = payoutBarOf(settlement, seoulDate(new Date()));
  const isHeldInFull =
    settlement.holds.some(({ isOfMall }) => isOfMall) && settlement.holds.some(({ isOfMall }) => !isOfMall);
  const openSheet = (sheet: SheetName) => setAsking({ sheet, settlement });
  const close = () => setAsking(null);
  return (
    <>
      {status === "COLLECTED" ? null : (
        <>
          <Button onClick={() => openSheet("adjust")}>{words.adjust}</Button>
          {status === "PAID_OUT" || isHeldInFull ? null : (
            <Button onClick={() => openSheet("withhold")}>{words.withhold}</Button>
          )}
          {status === "DRAFT" ? (
            <Button
              look="primary"
              disabled={isOpen("SETTLEMENT_CONFIRM")}
              onClick={() => openSheet("confirm")}
            >
              {words.confirm}
            </Button>
          ) : null}
          {status === "CONFIRMED" ? (
            <Button
              look="primary"
              disabled={bar !== null || isOpen("SETTLEMENT_PAYOUT")}
              onClick={() => openSheet("payOut")}
            >
              {words.payOut}
            </Button>
          ) : null}
        </>
      )}
      {asking?.sheet === "confirm" || asking?.sheet === "payOut" ? (
        <DecideSettlementsSheet decision={asking.sheet} settlements={[asking.settlement]} onClose={close} />
      ) : null}
      {asking?.sheet === "withhold" ? <WithholdSheet settlement={asking.settlement} onClose={close} /> : null}
      {asking?.sheet === "adjust" ? <AdjustSheet settlement={asking.settlement} onClose={close} /> : null}
    </>
  );
}

/** What waits for somebody, with the way there; and why a payout cannot be asked for yet. */
export function SettlementWaits({ settlement }: { settlement: SettlementDetail }) {
  const { settlements, changeRequests } = useTexts();
  const words = settlements.actions;
  const maySettle = useMay("settlement:manage");
  const maySee = useMay("change-request:read");
  const open = useOpenRequests(settlement.id).data ?? [];
  const bar = payoutBarOf(settlement, seoulDate(new Date()));
  return (
    <div className="flex flex-col gap-2 pt-3 empty:hidden">
      {open.map(({ requestId, kind, holdId, makerName }) => (
        <Note key={requestId}>
          {words.waits(holdId ? words.releaseKind : changeRequests.kinds[kind], makerName)}{" "}
          {maySee ? (
            <Link href={`/change-requests/${requestId}`} className="underline underline-offset-2">
              {changeRequests.cancel.see}
            </Link>
          ) : null}
        </Note>
      ))}
      {maySettle && bar === "notDue" && settlement.payoutDate !== null ? (
        <Note>
          <DatesInText>{words.notDue(settlement.payoutDate)}</DatesInText>
        </Note>
      ) : null}
    </div>
  );
}
