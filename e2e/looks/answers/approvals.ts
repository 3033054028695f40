import { type Answers, before } from "../answers.ts";

const request = {
  kind: "CANCEL",
  status: "PENDING",
  version: 1,
  reason: "고객 요청",
  makerId: "opr_01M5WVH6QA9Z9PVM871BSEZEC2",
  makerName: "김하늘",
  editedAt: null,
  checkerName: null,
  decidedAt: null,
  finishedAt: null,
  refusalCode: null,
} as const;

const policyBase = { unit: "won", isInUse: true, isFixed: false } as const;
const byDefault = { isDefault: true, updatedByName: null, updatedAt: null, waiting: null } as const;

export const approvals: Answers = {
  changeRequest: {
    ownLimit: { limitMax: 200n },
    list: {
      requests: [
        {
          ...request,
          id: "chg_01M8CNW2T3DYGATECC8D3D5R7C",
          subjectId: "pay_01M8CNZ2T3DYGATECC8D3D5R7D",
          subjectName: "HB20261120-178203",
          amountMinor: 1_480_000n,
          createdAt: before(1_140),
          expiresAt: before(1_140 - 86_400),
        },
        {
          ...request,
          id: "chg_01M8CHW2T3DYGATECC8D3D5R7C",
          version: 2,
          subjectId: "pay_01M8CHZ2T3DYGATECC8D3D5R7D",
          subjectName: "RS-20261119-004417",
          amountMinor: 12_900_000n,
          reason: "행사 취소",
          makerId: "opr_01M5WVH6QA9Z9PVM871BSEZEC3",
          makerName: "이서준",
          createdAt: before(79_000),
          editedAt: before(76_000),
          expiresAt: before(79_000 - 86_400),
        },
      ],
      nextCursor: null,
    },
    policy: [
      {
        ...policyBase,
        kind: "CANCEL",
        limits: [
          { role: "OPERATOR", limitMax: 500000n, ...byDefault },
          { role: "ADMIN", limitMax: 10000000n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "BULK_CANCEL",
        limits: [
          { role: "OPERATOR", limitMax: 500000n, ...byDefault },
          { role: "ADMIN", limitMax: 10000000n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "BULK_REDRIVE",
        unit: "items",
        limits: [
          { role: "OPERATOR", limitMax: 100n, ...byDefault },
          { role: "ADMIN", limitMax: 200n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "SETTLEMENT_CONFIRM",
        isFixed: true,
        limits: [
          { role: "SETTLEMENT", limitMax: 0n, ...byDefault },
          { role: "ADMIN", limitMax: 0n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "SETTLEMENT_PAYOUT",
        isFixed: true,
        limits: [
          { role: "SETTLEMENT", limitMax: 0n, ...byDefault },
          { role: "ADMIN", limitMax: 0n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "WITHHOLD",
        isFixed: true,
        limits: [
          { role: "SETTLEMENT", limitMax: 0n, ...byDefault },
          { role: "ADMIN", limitMax: 0n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "ADJUSTMENT",
        isFixed: true,
        limits: [
          { role: "SETTLEMENT", limitMax: 0n, ...byDefault },
          { role: "ADMIN", limitMax: 0n, ...byDefault },
        ],
      },
      {
        ...policyBase,
        kind: "KEY_CHANGE",
        unit: "changes",
        limits: [{ role: "ADMIN", limitMax: 0n, ...byDefault }],
      },
      {
        ...policyBase,
        kind: "CONTRACT_CHANGE",
        unit: "changes",
        limits: [{ role: "ADMIN", limitMax: 0n, ...byDefault }],
      },
      {
        ...policyBase,
        kind: "LIMIT_CHANGE",
        unit: "changes",
        isFixed: true,
        limits: [{ role: "ADMIN", limitMax: 0n, ...byDefault }],
      },
    ],
  },
};
