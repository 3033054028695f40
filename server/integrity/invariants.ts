import type { InvariantId } from "#server/integrity/integrity.schemas.ts";
import {
  auditChain,
  liveApprovals,
  overdueWork,
  paymentPostings,
  refundSums,
  settledOnce,
  settlementPostings,
  settlementSums,
  statusHistory,
  toldApprovals,
  toldEvents,
  unsequencedEvents,
  waitingDeliveries,
  zeroSums,
} from "#server/integrity/invariant-queries.ts";
import type { Statement } from "#server/platform/db.ts";

/**
 * How one part of an invariant is checked. `payments`, `ledger` and `audit` look at the rows they are given: what
 * changed in an incremental run, everything in a full one. `standing` looks at the few rows that wait. `computed` is
 * found out by asking the VANs, by adding up or by remembering.
 */
export type Check = Readonly<{
  part: string;
  /** False when what is found opens an incident of its own. */
  opensIncident?: false;
}> &
  Readonly<
    | { kind: "payments"; statement: Statement }
    | { kind: "ledger"; statement: Statement }
    | { kind: "audit"; statement: Statement }
    | { kind: "standing"; statement: Statement; needs: "now" | "calm-vans" }
    | { kind: "computed" }
  >;

type InBothLanguages = Readonly<{ ko: string; en: string }>;

export type Invariant = Readonly<{
  id: InvariantId;
  /** What a finding asks for: a person at once, or within the day. */
  severity: "page" | "ticket";
  title: InBothLanguages;
  /** What it promises, in one plain sentence. */
  promise: InBothLanguages;
  /** What a person does when it does not hold. */
  whatToDo: InBothLanguages;
  checks: readonly [Check, ...Check[]];
}>;

/**
 * What must hold at every moment (reliability §5.7), and how the running system is checked for it. The numbers are those
 * of that list.
 */
export const invariants: readonly Invariant[] = [
  {
    id: "I1",
    severity: "page",
    title: { ko: "VAN 원장 일치", en: "Same as the VAN" },
    promise: {
      ko: "승인완료인 결제는 VAN에 같은 금액으로 살아 있고, 망취소한 결제는 VAN에 남아 있지 않아요.",
      en: "A completed payment is live at its VAN with the same amount; a net-cancelled one is not.",
    },
    whatToDo: {
      ko: "결제의 전문을 열어 VAN 조회 결과를 확인하고, VAN에 거래번호로 문의해 주세요. VAN에만 남은 돈은 자동으로 취소해요.",
      en: "Open the payment's exchanges, compare the inquiry, and ask the VAN about the trace number. Money left at the VAN alone is reversed automatically.",
    },
    checks: [
      { part: "live", kind: "computed" },
      { part: "canceled", kind: "computed" },
      // Reported as an orphan, which has an incident.
      { part: "reversed", kind: "computed", opensIncident: false },
    ],
  },
  {
    id: "I2",
    severity: "page",
    title: { ko: "주문당 승인 하나", en: "One approval per order" },
    promise: {
      ko: "한 주문에 살아 있는 승인은 하나뿐이에요. 같은 주문이 두 번 청구되지 않아요.",
      en: "An order has at most one live approval, so nobody is charged twice for it.",
    },
    whatToDo: {
      ko: "두 결제를 비교해 나중 것을 취소하고, 카드 소유자에게 두 번 청구됐는지 VAN에 확인해 주세요.",
      en: "Compare the two payments, cancel the later one, and ask the VAN whether the card was charged twice.",
    },
    checks: [{ part: "live", kind: "payments", statement: liveApprovals }],
  },
  {
    id: "I3",
    severity: "page",
    title: { ko: "가맹점에 한 답", en: "What the mall was told" },
    promise: {
      ko: "가맹점에 승인이라고 답한 결제는 정말 승인됐고, 취소 요청으로만 끝나요.",
      en: "A payment the mall was told is done was approved, and ends only by an explicit cancel or net cancel.",
    },
    whatToDo: {
      ko: "결제의 타임라인과 멱등키 응답을 비교하고, 가맹점에 실제 상태를 알려 주세요.",
      en: "Compare the timeline with the stored reply, and tell the mall the actual status.",
    },
    checks: [{ part: "told", kind: "payments", statement: toldApprovals }],
  },
  {
    id: "I4",
    severity: "page",
    title: { ko: "5분 안에 확정", en: "Resolved within five minutes" },
    promise: {
      ko: "VAN이 응답하는 동안 모든 결제와 취소는 5분 안에 확정돼요. 데드레터는 사람이 맡은 것으로 따로 세요.",
      en: "While its VAN answers, every payment and cancel is resolved within five minutes. Dead letters are counted apart.",
    },
    whatToDo: {
      ko: "작업이 돌고 있는지 확인하고, 결제 화면의 타임라인에서 마지막 시도를 살펴봐 주세요.",
      en: "Check that the workers run, and look at the last try in the payment's timeline.",
    },
    checks: [{ part: "overdue", kind: "standing", statement: overdueWork, needs: "calm-vans" }],
  },
  {
    id: "I5",
    severity: "page",
    title: { ko: "취소 합계", en: "Sum of cancels" },
    promise: {
      ko: "돌려준 금액은 성공한 취소의 합과 같고, 결제 금액을 넘지 않아요.",
      en: "What was given back equals the successful cancels and never exceeds the payment.",
    },
    whatToDo: {
      ko: "이 결제의 취소를 멈추고, 취소 기록과 VAN의 취소 합계를 맞춰 봐 주세요.",
      en: "Hold further cancels of this payment and compare its cancels with the VAN's total.",
    },
    checks: [{ part: "refunds", kind: "payments", statement: refundSums }],
  },
  {
    id: "I6",
    severity: "page",
    title: { ko: "분개", en: "Ledger" },
    promise: {
      ko: "모든 분개는 차변과 대변이 같고, 승인과 취소마다 정확히 한 번 기록돼요. 계정 잔액은 분개의 합이에요.",
      en: "Every ledger event adds up to zero, each approval and cancel is posted exactly once, and balances are the sum of their entries.",
    },
    whatToDo: {
      ko: "지급을 멈추고, 어긋난 분개를 결제와 비교해 주세요. 분개는 고치지 말고 반대 분개로 바로잡아 주세요.",
      en: "Hold payouts and compare the entries with the payment. Correct by an opposite posting, never by editing.",
    },
    checks: [
      { part: "postings", kind: "payments", statement: paymentPostings },
      { part: "zero-sum", kind: "ledger", statement: zeroSums },
      { part: "balances", kind: "computed" },
    ],
  },
  {
    id: "I7",
    severity: "ticket",
    title: { ko: "이벤트와 웹훅", en: "Events and webhooks" },
    promise: {
      ko: "확정된 상태마다 이벤트가 하나 있고 1분 안에 번호가 매겨져요. 웹훅은 전달됐거나, 데드레터이거나, 보낼 작업이 있어요.",
      en: "Each final status has one event, numbered within a minute; each webhook is delivered, dead, or has a job that will send it.",
    },
    whatToDo: {
      ko: "작업 프로세스와 아웃박스를 확인하고, 빠진 알림은 가맹점이 이벤트 API로 받을 수 있게 안내해 주세요.",
      en: "Check the workers and the outbox; a mall can read what it missed from the events API.",
    },
    checks: [
      { part: "events", kind: "payments", statement: toldEvents },
      { part: "sequence", kind: "standing", statement: unsequencedEvents, needs: "now" },
      { part: "deliveries", kind: "payments", statement: waitingDeliveries },
    ],
  },
  {
    id: "I8",
    severity: "page",
    title: { ko: "정산은 한 번", en: "Settled once" },
    promise: {
      ko: "승인과 취소는 정확히 한 정산에 같은 금액으로 들어 있고, 정산서는 그 줄의 합이고, 확정과 지급은 정산서의 금액만큼만 원장을 옮겨요.",
      en: "Each approval and cancel is in exactly one settlement with its amount, a settlement is the sum of its lines, and a confirmation or payout moves what the settlement says.",
    },
    whatToDo: {
      ko: "그 가맹점의 지급을 보류하고, 정산 줄과 분개를 비교해 주세요. 확정한 정산은 조정 줄로 바로잡아 주세요.",
      en: "Withhold the mall's payouts and compare its lines with the entries. Correct what is confirmed by an adjustment.",
    },
    checks: [
      { part: "lines", kind: "payments", statement: settledOnce },
      { part: "postings", kind: "ledger", statement: settlementPostings },
      { part: "sums", kind: "ledger", statement: settlementSums },
    ],
  },
  {
    id: "I9",
    severity: "page",
    title: { ko: "감사 로그", en: "Audit log" },
    promise: {
      ko: "감사 로그의 해시가 처음부터 끝까지 이어져요. 고치거나 지운 줄이 없어요.",
      en: "The hashes of the audit log join from first to last; no row was changed or removed.",
    },
    whatToDo: {
      ko: "데이터베이스에 누가 접속했는지 확인하고, 마지막 백업의 감사 로그와 비교해 주세요.",
      en: "Find out who had access to the database and compare with the audit log of the last backup.",
    },
    checks: [
      { part: "chain", kind: "audit", statement: auditChain },
      // The newest rows can be deleted without breaking a chain; what was seen before must still be there (D9).
      { part: "head", kind: "computed" },
    ],
  },
  {
    id: "I10",
    severity: "page",
    title: { ko: "상태 이력", en: "Status history" },
    promise: {
      ko: "결제 상태가 바뀔 때마다 이력이 남고, 마지막 이력이 지금 상태와 같아요.",
      en: "Every change of a payment's status has its line of history, and the last line says what the payment is.",
    },
    whatToDo: {
      ko: "누가 테이블을 직접 바꿨는지 확인하고, VAN에 조회해 실제 상태를 확인해 주세요.",
      en: "Find out who changed the table directly and ask the VAN for the actual status.",
    },
    checks: [{ part: "history", kind: "payments", statement: statusHistory }],
  },
];
