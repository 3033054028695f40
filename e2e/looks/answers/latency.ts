import { type Answers, before, pictureTime } from "../answers.ts";

const slotsCount = 60;

/** A quiet hour with one bad stretch in its middle; the same curve at each run. */
function figuresOf(slot: number, share: number, p50Ms: number) {
  const isBad = slot >= 34 && slot < 41;
  const approved = Math.round(share * (46 + 12 * Math.sin(slot / 7) + 5 * Math.sin(slot * 2.3)));
  const counts = {
    approved,
    declined: Math.round(share * (3 + 2 * Math.sin(slot * 1.7))),
    unknown: isBad ? Math.round(share * 9) : 0,
    failed: slot % 17 === 5 ? 1 : 0,
  };
  const count = counts.approved + counts.declined + counts.unknown + counts.failed;
  const slow = isBad ? 6 : 1;
  return {
    counts,
    count,
    approvalRate: counts.approved / count,
    p50Ms: p50Ms + 8 * Math.sin(slot / 4),
    p95Ms: (p50Ms * 2.4 + 30 * Math.sin(slot / 3)) * slow,
    p99Ms: (p50Ms * 3.6 + 55 * Math.sin(slot / 2)) * slow,
  };
}

function slotsOf(share: number, p50Ms: number) {
  return Array.from({ length: slotsCount }, (_, slot) => ({
    at: before((slotsCount - slot) * 60),
    seconds: 60,
    ...figuresOf(slot, share, p50Ms),
  }));
}

const total = (share: number, p50Ms: number, p99Ms: number) => ({
  counts: {
    approved: Math.round(2_760 * share),
    declined: Math.round(181 * share),
    unknown: Math.round(63 * share),
    failed: Math.round(4 * share),
  },
  count: Math.round(3_008 * share),
  approvalRate: 0.9175,
  p50Ms,
  p95Ms: p50Ms * 2.4,
  p99Ms,
});

const van = (id: string, share: number, p50Ms: number) => ({
  id,
  vanCode: id,
  mallId: null,
  mallName: null,
  total: total(share, p50Ms, p50Ms * 5.2),
  slots: slotsOf(share, p50Ms),
});

export const latency: Answers = {
  latency: {
    choices: {
      vans: [
        { code: "SBX1", name: "샌드박스 VAN 1 (HTTP)" },
        { code: "SBX2", name: "샌드박스 VAN 2 (전문)" },
      ],
      malls: [
        { id: "mall_01M5WVH6QD1VVQT85RXVH6F5XB", name: "그린팜마켓" },
        { id: "mall_01M5WVH6QEF6RS690V0RFWTY0V", name: "라온스포츠" },
        { id: "mall_01M5WVH6QCRWCJPMHPP9NCQ84Q", name: "모두의문구" },
        { id: "mall_01M5WVH6QBW0YF05GZKQ6CBR0N", name: "오늘의식탁" },
        { id: "mall_01M5WVH6QA9Z9PVM871BSEZECT", name: "한빛서점" },
      ],
    },
    marks: { deploys: [{ at: before(1_560), roles: ["worker", "web"] }], incidents: [] },
    read: {
      from: before(slotsCount * 60),
      to: pictureTime,
      slotSeconds: 60,
      countedUntil: pictureTime,
      total: total(1, 96, 742),
      slots: slotsOf(1, 96),
      groups: [van("SBX1", 0.62, 118), van("SBX2", 0.38, 74)],
      groupsTotal: 2,
    },
  },
};
