"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";

const lostAfterMs = 12_000;

/** How fresh the list is, and the new payments that wait to be shown. */
export function LiveStatus({
  newCount,
  checkedAt,
  onShow,
  onReconnect,
}: {
  newCount: number;
  checkedAt: Date | undefined;
  onShow: () => void;
  onReconnect: () => void;
}) {
  const { list } = useTexts().payments;
  const now = useNow();
  const ageMs = checkedAt && now ? Math.max(0, now.getTime() - checkedAt.getTime()) : null;
  const lost = ageMs !== null && ageMs > lostAfterMs;
  return (
    <>
      {/* The announcement is polite and only about the count; the seconds are not read out. */}
      <span role="status">
        {newCount > 0 ? (
          <button
            type="button"
            onClick={onShow}
            className="inline-flex h-[26px] items-center rounded-full bg-run-bg px-2.5 font-semibold text-meta text-run hover:underline max-wide:h-9"
          >
            {list.newPayments(newCount)}
          </button>
        ) : null}
      </span>
      <span className="print:hidden inline-flex items-center gap-1.5">
        {ageMs === null || !checkedAt ? (
          list.connecting
        ) : lost ? (
          <span>
            <TimeInText at={checkedAt} say={list.disconnected} />
          </span>
        ) : (
          list.live(Math.floor(ageMs / 1_000))
        )}
        {lost ? (
          <Button look="ghost" size="small" onClick={onReconnect}>
            {list.reconnect}
          </Button>
        ) : null}
      </span>
    </>
  );
}
