import type { Context } from "#server/platform/context.ts";
import { numbersPerPoint, packPoints } from "#server/x-view/domain/pack-points.ts";
import type { FeedInput } from "#server/x-view/x-view.schemas.ts";
import { pointsMax } from "#server/x-view/x-view.values.ts";
import { countInFlight, loadPoints, loadSettled } from "#server/x-view/x-view-queries.ts";

/**
 * The points of a window, or of its end. A reply is the whole truth from `fromMs` on: whoever drops the points that it
 * holds from there and appends these has each exactly once, also one that was committed late.
 */
export type Feed = Readonly<{
  /** The server's clock when it began to read, epoch milliseconds. */
  nowMs: number;
  fromMs: number;
  /** True when there were more than a reply holds: the oldest are missing, and `fromMs` is later than was asked. */
  isCut: boolean;
  count: number;
  firstAtMs: number;
  /** See `packPoints`. */
  points: string;
  /** What the points' VANs and malls are, by place. */
  vans: readonly string[];
  malls: readonly string[];
  /** Approvals that wait for their VAN, by age. */
  inFlight: readonly number[];
  /** Of the points asked after, those that are net-cancelled by now. */
  settled: readonly Readonly<{ atMs: number; durationMs: number }>[];
}>;

/** Reads what is new for a scatter of response times; cheap enough for a poll every two seconds. */
export async function readFeed(ctx: Pick<Context, "reports" | "now">, input: FeedInput): Promise<Feed> {
  const now = ctx.now();
  const windowFromMs = now.getTime() - input.minutes * 60_000;
  const askedFromMs = Math.max(windowFromMs, input.fromMs ?? 0);
  const [{ vans, malls, numbers }, inFlight, settled] = await Promise.all([
    loadPoints(ctx.reports, { from: new Date(askedFromMs) }, input),
    countInFlight(ctx.reports, now, input),
    loadSettled(
      ctx.reports,
      input.unknownAtMs.map((atMs) => new Date(atMs)),
    ),
  ]);
  const kept = newest(numbers);
  return {
    nowMs: now.getTime(),
    fromMs: kept === numbers ? askedFromMs : (kept[0] ?? askedFromMs),
    isCut: kept !== numbers,
    count: kept.length / numbersPerPoint,
    ...packed(kept),
    vans,
    malls,
    inFlight,
    settled,
  };
}

function packed(numbers: Float64Array): { firstAtMs: number; points: string } {
  const { firstAtMs, base64 } = packPoints(numbers);
  return { firstAtMs, points: base64 };
}

/**
 * At most `pointsMax` points. Those that ended in the same millisecond as the first one left out are left out as well,
 * so that what is kept is whole.
 */
function newest(numbers: Float64Array): Float64Array {
  const surplus = numbers.length / numbersPerPoint - pointsMax;
  if (surplus <= 0) return numbers;
  const lastLeftOutMs = numbers[(surplus - 1) * numbersPerPoint] ?? 0;
  let first = surplus * numbersPerPoint;
  while (numbers[first] === lastLeftOutMs) first += numbersPerPoint;
  return numbers.subarray(first);
}
