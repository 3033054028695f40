import { numbersPerPoint, packPoints } from "#server/x-view/domain/pack-points.ts";
import { xViewOperations, xViewOutcomes } from "#server/x-view/x-view.values.ts";
import type { PickedTransaction } from "#server/x-view/x-view-queries.ts";
import { type Answers, before, pictureTime } from "../answers.ts";

/** An hour of points, thicker to its end, with a VAN that hangs for a while; the same at each run. */
function points(): number[] {
  const numbers: number[] = [];
  for (let index = 0; index < 2_400; index++) {
    const share = index / 2_400;
    const wave = Math.abs(Math.sin(index * 12.9898) * 43_758.5453) % 1;
    const hangs = share > 0.58 && share < 0.66 && index % 4 === 0;
    const durationMs = hangs
      ? 2_000 + wave * 900
      : 40 + 260 * wave ** 3 + (index % 97 === 0 ? 900 * wave : 0);
    const outcome = hangs ? (index % 8 === 0 ? 4 : 3) : index % 23 === 0 ? 1 : index % 311 === 0 ? 2 : 0;
    const atMs = pictureTime.getTime() - Math.round((1 - share) * 3_590_000) - 1_000;
    numbers.push(
      atMs,
      Math.round(durationMs),
      outcome,
      index % 19 === 0 ? 1 : 0,
      hangs || index % 3 === 0 ? 1 : 0,
      index % 5,
    );
  }
  return numbers;
}

const packed = points();
const { firstAtMs, base64 } = packPoints(packed);

const malls = [
  { id: "mall_01M5WVH6QA9Z9PVM871BSEZECT", name: "한빛서점", orderId: "HB20261120-17" },
  { id: "mall_01M5WVH6QBW0YF05GZKQ6CBR0N", name: "오늘의식탁", orderId: "OT-5809" },
  { id: "mall_01M5WVH6QCRWCJPMHPP9NCQ84Q", name: "모두의문구", orderId: "MD-20261120-17" },
  { id: "mall_01M5WVH6QD1VVQT85RXVH6F5XB", name: "그린팜마켓", orderId: "GF-1120-18" },
  { id: "mall_01M5WVH6QEF6RS690V0RFWTY0V", name: "라온스포츠", orderId: "RS-20261120-17" },
] as const;
const vans = ["SBX1", "SBX2"] as const;

/** The slowest of the points, as the list beside them has them. */
function slowest(count: number): PickedTransaction[] {
  const found: PickedTransaction[] = [];
  for (let place = 0; place < packed.length; place += numbersPerPoint) {
    const [atMs = 0, durationMs = 0, outcome = 0, operation = 0, van = 0, mall = 0] = packed.slice(place);
    const id = `pay_01M8CNZHBDC34XSQQW2M${String(place).padStart(6, "0")}`;
    found.push({
      id,
      paymentKey: id,
      operation: xViewOperations[operation] ?? "approval",
      outcome: xViewOutcomes[outcome] ?? "done",
      answeredAt: new Date(atMs),
      durationMs,
      mallName: malls[mall]?.name ?? "",
      orderId: `${malls[mall]?.orderId}${String(place % 10_000).padStart(4, "0")}`,
      vanCode: vans[van] ?? "SBX1",
      amountMinor: BigInt(9_000 + (place % 97) * 1_300),
    });
  }
  return found.sort((one, other) => other.durationMs - one.durationMs).slice(0, count);
}

export const xView: Answers = {
  xView: {
    feed: {
      nowMs: pictureTime.getTime(),
      fromMs: before(3_600).getTime(),
      isCut: false,
      count: packed.length / numbersPerPoint,
      firstAtMs,
      points: base64,
      vans: [...vans],
      malls: malls.map(({ id }) => id),
      inFlight: [4, 2, 1, 0],
      settled: [],
    },
    picked: {
      rows: slowest(12),
      nextCursor: null,
    },
  },
};
