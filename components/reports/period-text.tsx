import { formatOffsetTime } from "#components/i18n/format.ts";
import { formatRange } from "#components/reports/seoul-clock.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";

/** A period in Seoul on one line; hover shows both ends with their offset. */
export function PeriodText({ from, to }: { from: Date; to: Date }) {
  return (
    <Tooltip
      content={
        <span className="tabular-nums">
          {formatOffsetTime(from)} – {formatOffsetTime(to)}
        </span>
      }
    >
      <span className="whitespace-nowrap">{formatRange(from.getTime(), to.getTime())}</span>
    </Tooltip>
  );
}
