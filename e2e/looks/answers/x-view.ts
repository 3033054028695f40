import { packPoints } from "#server/x-view/domain/pack-points.ts";
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
      index % 3 === 0 ? 1 : 0,
      index % 5,
    );
  }
  return numbers;
}

const packed = points();
const { firstAtMs, base64 } = packPoints(packed);

const pickedRowsBase = {
  operation: "approval",
  outcome: "done",
  mallName: "그린팜마켓",
  vanCode: "SBX1",
} as const;

export const xView: Answers = {
  xView: {
    feed: {
      nowMs: pictureTime.getTime(),
      fromMs: before(3_600).getTime(),
      isCut: false,
      count: packed.length / 6,
      firstAtMs,
      points: base64,
      vans: ["SBX1", "SBX2"],
      malls: [
        "mall_01M5WVH6QA9Z9PVM871BSEZECT",
        "mall_01M5WVH6QBW0YF05GZKQ6CBR0N",
        "mall_01M5WVH6QCRWCJPMHPP9NCQ84Q",
        "mall_01M5WVH6QD1VVQT85RXVH6F5XB",
        "mall_01M5WVH6QEF6RS690V0RFWTY0V",
      ],
      inFlight: [4, 2, 1, 0],
      settled: [],
    },
    picked: {
      rows: [
        {
          ...pickedRowsBase,
          id: "pay_01M8CNZHBDC34XSQQW2MTJJQP7",
          paymentKey: "pay_01M8CNZHBDC34XSQQW2MTJJQP7",
          answeredAt: new Date("2026-11-20T05:26:24.476Z"),
          durationMs: 72,
          mallName: "라온스포츠",
          orderId: "RS-20261120-178365",
          vanCode: "SBX2",
          amountMinor: 329000n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP03WB8X1X31J0373A8NPG",
          paymentKey: "pay_01M8CP03WB8X1X31J0373A8NPG",
          answeredAt: new Date("2026-11-20T05:26:43.451Z"),
          durationMs: 68,
          orderId: "GF-1120-183555",
          amountMinor: 118000n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP3BF8AWAP3NB6A8NM8QQ4",
          paymentKey: "pay_01M8CP3BF8AWAP3NB6A8NM8QQ4",
          outcome: "declined",
          answeredAt: new Date("2026-11-20T05:28:29.501Z"),
          durationMs: 67,
          mallName: "모두의문구",
          orderId: "MD-20261120-179615",
          amountMinor: 54400n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP2X8BKFEZECH09E76YFEN",
          paymentKey: "pay_01M8CP2X8BKFEZECH09E76YFEN",
          answeredAt: new Date("2026-11-20T05:28:14.962Z"),
          durationMs: 67,
          orderId: "GF-1120-184470",
          amountMinor: 121500n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP1GADCDBDRPXXSDC4QYV0",
          paymentKey: "pay_01M8CP1GADCDBDRPXXSDC4QYV0",
          outcome: "declined",
          answeredAt: new Date("2026-11-20T05:27:28.954Z"),
          durationMs: 67,
          mallName: "오늘의식탁",
          orderId: "OT-58091010",
          amountMinor: 7900n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CNZATHM4KCV60D3Y3DE4XK",
          paymentKey: "pay_01M8CNZATHM4KCV60D3Y3DE4XK",
          answeredAt: new Date("2026-11-20T05:26:17.803Z"),
          durationMs: 67,
          mallName: "한빛서점",
          orderId: "HB20261120-162941",
          amountMinor: 37500n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP3GD83Y3DYXAN5DCCNWAD",
          paymentKey: "pay_01M8CP3GD83Y3DYXAN5DCCNWAD",
          answeredAt: new Date("2026-11-20T05:28:34.585Z"),
          durationMs: 66,
          orderId: "GF-1120-184666",
          amountMinor: 50800n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP38MRGKSD5EFYAFZAWHMX",
          paymentKey: "pay_01M8CP38MRGKSD5EFYAFZAWHMX",
          answeredAt: new Date("2026-11-20T05:28:26.645Z"),
          durationMs: 66,
          mallName: "오늘의식탁",
          orderId: "OT-58091587",
          vanCode: "SBX2",
          amountMinor: 18800n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CNZC37B0C74QPPRXQHG23N",
          paymentKey: "pay_01M8CNZC37B0C74QPPRXQHG23N",
          answeredAt: new Date("2026-11-20T05:26:19.095Z"),
          durationMs: 62,
          orderId: "GF-1120-183311",
          amountMinor: 18800n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP1G9DTWBCTJC0ZK68A1M0",
          paymentKey: "pay_01M8CP1G9DTWBCTJC0ZK68A1M0",
          answeredAt: new Date("2026-11-20T05:27:28.920Z"),
          durationMs: 61,
          mallName: "한빛서점",
          orderId: "HB20261120-179010",
          vanCode: "SBX2",
          amountMinor: 38000n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP18S4EC78W67V6R38FJ3D",
          paymentKey: "pay_01M8CP18S4EC78W67V6R38FJ3D",
          answeredAt: new Date("2026-11-20T05:27:21.232Z"),
          durationMs: 61,
          mallName: "라온스포츠",
          orderId: "RS-20261120-178933",
          vanCode: "SBX2",
          amountMinor: 42800n,
        },
        {
          ...pickedRowsBase,
          id: "pay_01M8CP3B9MXARTX757QM2REAKC",
          paymentKey: "pay_01M8CP3B9MXARTX757QM2REAKC",
          answeredAt: new Date("2026-11-20T05:28:29.353Z"),
          durationMs: 60,
          orderId: "GF-1120-184614",
          amountMinor: 94500n,
        },
      ],
      nextCursor: null,
    },
  },
};
