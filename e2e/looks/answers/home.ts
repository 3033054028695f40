import { type Answers, pictureTime } from "../answers.ts";

const approved = ["DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"] as const;
const today = [25, 15, 9, 4, 6, 11, 15, 29, 44, 58, 71, 63, 74, 61, 33];
const aWeekAgo = [25, 15, 6, 3, 3, 9, 14, 25, 38, 54, 65, 60, 65, 55, 57, 55, 51, 60, 54, 64, 78, 78, 68, 44];

/** Also what stands beside the navigation, on every page. */
export const home: Answers = {
  home: {
    figures: {
      asOf: pictureTime,
      comparedTo: new Date("2026-11-13T05:32:11.000Z"),
      approvals: { count: 518, countBefore: 467, list: { status: [...approved], date: "today" } },
      amount: {
        amountMinor: 31_284_500n,
        amountBeforeMinor: 28_093_100n,
        list: { status: [...approved], date: "today" },
      },
      approvalRate: {
        rate: 0.9538674,
        rateBefore: 0.9615384,
        unapproved: 25,
        list: { status: ["ABORTED", "UNKNOWN", "NET_CANCELED"], date: "today" },
      },
      cancels: { count: 31, countBefore: 34, amountMinor: 1_872_800n, list: { canceled: "today" } },
      parkedDeadLetters: 22,
      oldestUnresolved: {
        paymentId: "pay_01M87CB3K0ZT1SSMWXYQ0XGRXP",
        orderId: "RS-20261118-006",
        mallName: "라온스포츠",
        amountMinor: 118_000n,
        since: new Date("2026-11-18T04:01:45.633Z"),
      },
      unresolvedHandedOver: 16,
      payouts: {
        count: 2,
        payoutMinor: 8_230_864n,
        list: { state: ["DRAFT", "CONFIRMED"], payoutTo: "2026-11-20" },
        next: { payoutDate: "2026-11-23", count: 2, payoutMinor: 8_822_990n },
      },
      hours: aWeekAgo.map((count, hour) => ({
        hour,
        today: today[hour] ?? null,
        before: count,
        beforeSoFar: hour < 14 ? count : hour === 14 ? 31 : 0,
      })),
    },
    attention: {
      asOf: pictureTime,
      closing: [],
      passed: [
        {
          vanCode: "SBX1",
          count: 2,
          deadlineAt: new Date("2026-11-18T05:01:45.633Z"),
          inbox: { kind: ["APPROVAL"], van: ["SBX1"], deadline: ["PASSED"] },
        },
      ],
      deadLetters: { count: 22, nextDeadlineAt: new Date("2026-11-20T05:58:33.785Z") },
      incidents: { count: 0, worst: null },
      vans: [],
    },
  },
  unresolved: { count: 16 },
  deadLetter: { countParked: 22 },
  incident: { countOpen: 0 },
  changeRequest: { countWaiting: 2, ofSubject: null },
};
