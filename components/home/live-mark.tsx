"use client";

import { Unplug } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";

/** No answer for this long means that what is shown is old. */
const lostAfterMs = 12_000;

/** How fresh the page is: when the oldest of its answers was read, or since when nothing new came and how to ask again. */
export function LiveMark({ asOf, onReconnect }: { asOf: Date; onReconnect: () => void }) {
  const { home } = useTexts();
  const now = useNow();
  const isLost = now !== null && now.getTime() - asOf.getTime() > lostAfterMs;
  return (
    <span className="inline-flex flex-wrap items-center">
      {/* Only the break is announced, not every second. */}
      <span role="status">
        {isLost ? (
          <ToneBadge
            level="tint"
            tone="warn"
            icon={Unplug}
            label={<TimeInText at={asOf} say={home.lost} />}
          />
        ) : null}
      </span>
      {isLost ? (
        <Button look="ghost" size="small" onClick={onReconnect}>
          {home.reconnect}
        </Button>
      ) : (
        <span>
          <TimeInText at={asOf} say={home.live} />
        </span>
      )}
    </span>
  );
}
