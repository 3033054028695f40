import { type Answers, before } from "../answers.ts";

const asked = {
  subjectId: "pay_01M8CNZ2T3DYGATECC8D3D5R7D",
  reason: "고객 요청",
  makerId: "opr_01M5WVH6QA9Z9PVM871BSEZEC2",
  makerName: "김하늘",
} as const;
const payload = (amountMinor: string) => ({ amountMinor, taxFreeMinor: "0", balanceMinor: "1980000" });

/** One request for a cancel, edited once, as a second person sees it. */
export const changeRequest: Answers = {
  changeRequest: {
    read: {
      ...asked,
      id: "chg_01M8CNW2T3DYGATECC8D3D5R7C",
      kind: "CANCEL",
      status: "PENDING",
      version: 2,
      subjectName: "HB20261120-178203",
      amountMinor: 1_480_000n,
      createdAt: before(1_140),
      editedAt: before(900),
      expiresAt: before(1_140 - 86_400),
      checkerName: null,
      decidedAt: null,
      finishedAt: null,
      refusalCode: null,
      payload: payload("1480000"),
      makerRole: "OPERATOR",
      measured: 1_480_000n,
      limitMax: 500_000n,
      decisionNote: null,
      executionId: null,
      startedAt: null,
      result: null,
      traceId: "857b2f0c5d4e4b8f9a5c1d2e3f409786",
      events: [
        {
          id: 1n,
          version: 1,
          kind: "REQUESTED",
          actorId: asked.makerId,
          actorName: asked.makerName,
          note: asked.reason,
          payload: payload("1980000"),
          at: before(1_140),
        },
        {
          id: 2n,
          version: 2,
          kind: "EDITED",
          actorId: asked.makerId,
          actorName: asked.makerName,
          note: null,
          payload: payload("1480000"),
          at: before(900),
        },
      ],
    },
  },
  payment: {
    previewCancelChange: {
      version: 2,
      preview: {
        status: "DONE",
        vanCode: "SBX2",
        cancelable: {
          allowed: true,
          partial: true,
          until: new Date("2027-11-20T05:26:09.570Z"),
          reasons: [],
        },
        now: { balanceMinor: 1_980_000n, taxFreeMinor: 0n, vatMinor: 180_000n, suppliedMinor: 1_800_000n },
        acquisition: {
          isAcquired: false,
          approvalDate: "2026-11-20",
          acquiredFrom: new Date("2026-11-21T00:45:47.841Z"),
        },
        change: { balanceMinor: 1_480_000n, taxFreeMinor: 0n, vatMinor: 134_545n, suppliedMinor: 1_345_455n },
        after: { balanceMinor: 500_000n, taxFreeMinor: 0n, vatMinor: 45_455n, suppliedMinor: 454_545n },
        statusAfter: "PARTIAL_CANCELED",
        settlement: { kind: "remainder", date: "2026-11-20" },
        settled: {
          now: { amountMinor: 1_980_000n, feeMinor: 43_560n, feeVatMinor: 4_356n, netMinor: 1_932_084n },
          change: {
            amountMinor: -1_480_000n,
            feeMinor: -32_560n,
            feeVatMinor: -3_256n,
            netMinor: -1_444_184n,
          },
          after: { amountMinor: 500_000n, feeMinor: 11_000n, feeVatMinor: 1_100n, netMinor: 487_900n },
          isFeeRefundable: true,
        },
        refusal: null,
        approval: { limitMinor: 500_000n, usedMinor: 0n, isNeeded: true, openRequestId: null },
      },
      seen: {
        isAcquired: false,
        settlement: { kind: "remainder", date: "2026-11-20" },
        until: "2027-11-20T05:26:09.570Z",
        settled: { feeMinor: -32_560n, feeVatMinor: -3_256n, netMinor: -1_444_184n },
        balanceMinor: 1_980_000n,
        limitMinor: 500_000n,
      },
    },
  },
};
