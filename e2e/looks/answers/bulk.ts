import { type Answers, before } from "../answers.ts";

const run = {
  unknownHandedOver: 0,
  running: 0,
  pausedBecause: null,
  requestedBy: { id: "opr_01M5WVH6QA9Z9PVM871BSEZEC1", name: "정도현" },
  aliveAt: null,
} as const;

const running = {
  ...run,
  id: "bulk_01M8CP2J5V7T0W4X9YB3C6D8EF",
  state: "RUNNING",
  reason: "행사 취소: 11월 북콘서트",
  requestedAt: before(95),
  finishedAt: null,
  aliveAt: before(1),
  rowsGiven: 312,
  rowsPlanned: 309,
  plannedMinor: 8_214_000n,
  done: 184,
  doneMinor: 4_930_500n,
  refused: 2,
  unknown: 3,
  running: 8,
} as const;

/** The rows of that run: what became of each, with the amount in thousands and how long ago. */
const rows = (
  [
    ["DONE", "HB20261115-100211", "북콘서트 입장권 2매", 44, 90],
    ["DONE", "HB20261115-100212", "북콘서트 입장권", 22, 90],
    ["REFUSED", "HB20261115-100215", "북콘서트 입장권", 22, 89],
    ["DONE", "HB20261115-100219", "북콘서트 입장권 3매", 66, 88],
    ["UNKNOWN", "HB20261115-100220", "북콘서트 입장권", 22, 81],
    ["LEFT_OUT", "HB20261115-100224", "북콘서트 입장권", 22, null],
    ["DONE", "HB20261115-100230", "북콘서트 입장권 2매", 44, 79],
    ["RUNNING", "HB20261115-100231", "북콘서트 입장권", 22, null],
    ["WAITING", "HB20261115-100233", "북콘서트 입장권", 22, null],
    ["WAITING", "HB20261115-100237", "북콘서트 입장권 4매", 88, null],
  ] as const
).map(([outcome, orderId, orderName, thousands, secondsAgo], index) => ({
  rowNo: index + 1,
  given: orderId,
  paymentId: `pay_01M8CNZ3FVDQBKAPEQ5DEMPJ${80 + index}`,
  orderId,
  orderName,
  mallName: "한빛서점",
  amountMinor: BigInt(thousands * 1_000),
  outcome,
  code:
    outcome === "REFUSED"
      ? ("NOT_CANCELABLE_PAYMENT" as const)
      : outcome === "LEFT_OUT"
        ? ("ALREADY_CANCELED_PAYMENT" as const)
        : null,
  cancelId: null,
  settledAt: secondsAgo === null ? null : before(secondsAgo),
}));

const previewPlanRowsBase = { outcome: "CANCEL", code: null } as const;

export const bulk: Answers = {
  bulkCancel: {
    preview: {
      kind: "planned",
      approval: { isNeeded: false, limitMinor: 10_000_000n, usedMinor: 0n },
      settlement: {
        change: { amountMinor: -116_000n, feeMinor: -2_436n, feeVatMinor: -244n, netMinor: -113_320n },
        withoutTerms: 0,
      },
      plan: {
        at: new Date("2026-11-20T05:27:55.342Z"),
        counts: { CANCEL: 4, ALREADY: 0, AMOUNT: 0, NOT_CANCELABLE: 0 },
        totals: {
          amountMinor: 116000n,
          taxFreeMinor: 0n,
          vatMinor: 10545n,
          partial: 0,
          acquired: { count: 0, amountMinor: 0n },
          notAcquired: { count: 4, amountMinor: 116000n },
        },
        digest: "51a5ed0266dde7a06c45a15490bea507e8428ae6d821bacf1cb239683b38a043",
        rowsTotal: 4,
        rows: [
          {
            ...previewPlanRowsBase,
            rowNo: 1,
            given: "pay_01M8CNZ3FVDQBKAPEQ5DEMPJ81",
            payment: {
              id: "pay_01M8CNZ3FVDQBKAPEQ5DEMPJ81",
              mallId: "mall_01M5WVH6QA9Z9PVM871BSEZECT",
              orderId: "HB20261120-117673",
              orderName: "클린 코드",
              status: "DONE",
              balanceMinor: 11000n,
            },
            change: {
              amountMinor: 11000n,
              taxFreeMinor: 0n,
              vatMinor: 1000n,
              statusAfter: "CANCELED",
              isAcquired: false,
            },
          },
          {
            ...previewPlanRowsBase,
            rowNo: 2,
            given: "pay_01M8CNZ3G7QR0HPT553MJ6MMD0",
            payment: {
              id: "pay_01M8CNZ3G7QR0HPT553MJ6MMD0",
              mallId: "mall_01M5WVH6QA9Z9PVM871BSEZECT",
              orderId: "HB20261120-166921",
              orderName: "클린 코드",
              status: "DONE",
              balanceMinor: 22000n,
            },
            change: {
              amountMinor: 22000n,
              taxFreeMinor: 0n,
              vatMinor: 2000n,
              statusAfter: "CANCELED",
              isAcquired: false,
            },
          },
          {
            ...previewPlanRowsBase,
            rowNo: 3,
            given: "pay_01M8CNZ3GDAP3TSZRNB7XSX8XS",
            payment: {
              id: "pay_01M8CNZ3GDAP3TSZRNB7XSX8XS",
              mallId: "mall_01M5WVH6QA9Z9PVM871BSEZECT",
              orderId: "HB20261120-129909",
              orderName: "클린 코드",
              status: "DONE",
              balanceMinor: 33000n,
            },
            change: {
              amountMinor: 33000n,
              taxFreeMinor: 0n,
              vatMinor: 3000n,
              statusAfter: "CANCELED",
              isAcquired: false,
            },
          },
          {
            ...previewPlanRowsBase,
            rowNo: 4,
            given: "pay_01M8CNZ2T3DYGATECC8D3D5R7C",
            payment: {
              id: "pay_01M8CNZ2T3DYGATECC8D3D5R7C",
              mallId: "mall_01M5WVH6QA9Z9PVM871BSEZECT",
              orderId: "HB20261120-168662",
              orderName: "북커버 세트 외 2권",
              status: "PARTIAL_CANCELED",
              balanceMinor: 50000n,
            },
            change: {
              amountMinor: 50000n,
              taxFreeMinor: 0n,
              vatMinor: 4545n,
              statusAfter: "CANCELED",
              isAcquired: false,
            },
          },
        ],
        codes: [],
      },
    },
    read: running,
    rows: { rows, nextCursor: null },
    list: {
      runs: [
        running,
        {
          ...run,
          id: "bulk_01M8CKXQ5V7T0W4X9YB3C6D8EF",
          state: "PAUSED",
          pausedBecause: "VAN_TROUBLE",
          reason: "품절: 접이식 캠핑 의자",
          requestedAt: before(5_400),
          finishedAt: null,
          rowsGiven: 48,
          rowsPlanned: 48,
          plannedMinor: 2_352_000n,
          done: 21,
          doneMinor: 1_029_000n,
          refused: 0,
          unknown: 5,
        },
        {
          ...run,
          id: "bulk_01M87D4T5V7T0W4X9YB3C6D8EF",
          state: "FINISHED",
          reason: "중복 결제",
          requestedBy: { id: "opr_01M5WVH6QA9Z9PVM871BSEZEC2", name: "김하늘" },
          requestedAt: before(2 * 86_400),
          finishedAt: before(2 * 86_400 - 60),
          rowsGiven: 12,
          rowsPlanned: 12,
          plannedMinor: 341_500n,
          done: 12,
          doneMinor: 341_500n,
          refused: 0,
          unknown: 0,
        },
      ],
      nextCursor: null,
    },
  },
};
