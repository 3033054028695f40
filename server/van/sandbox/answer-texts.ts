import type { Reason } from "./journal-format.ts";

/** A response code on the wire and the sentence beside it. */
export type AnswerText = Readonly<{ code: string; text: string }>;

const texts: Readonly<Record<Reason, string>> = {
  OK: "정상처리",
  CARD_DECLINED: "카드사 승인거절",
  CARD_LIMIT_EXCEEDED: "이용한도 초과",
  CARD_INSUFFICIENT_FUNDS: "잔액부족",
  CARD_EXPIRED: "유효기간 경과 카드",
  CARD_STOLEN: "도난·분실 카드",
  CARD_SUSPENDED: "거래정지 카드",
  CARD_INVALID: "카드번호 오류",
  BLOCKED_BY_NET_CANCEL: "망취소된 거래번호",
  TRACE_REUSED: "거래번호 중복",
  ORIGINAL_NOT_FOUND: "원거래 없음",
  ORIGINAL_DECLINED: "원거래 거절건",
  ALREADY_NET_CANCELED: "기망취소 거래",
  ALREADY_CANCELED: "기취소 거래",
  ALREADY_ACQUIRED: "기매입 거래",
  AMOUNT_EXCEEDS_BALANCE: "취소금액 초과",
  BALANCE_MISMATCH: "남은금액 불일치",
  FULL_CANCEL_AFTER_PARTIAL: "부분취소 후 전체취소 불가",
  NOT_CANCELABLE: "취소 불가 거래",
  PARTIAL_NOT_ALLOWED: "부분취소 불가",
  CANCEL_TOO_LATE: "취소기한 경과",
  INSUFFICIENT_BALANCE: "정산예정금 부족",
  REFUSED: "처리 거절",
  MALFORMED: "전문 오류",
};

const sbx1Codes: Readonly<Record<Reason, string>> = {
  OK: "0000",
  CARD_DECLINED: "CC05",
  CARD_LIMIT_EXCEEDED: "CC07",
  CARD_INSUFFICIENT_FUNDS: "CC10",
  CARD_EXPIRED: "CC54",
  CARD_STOLEN: "CC43",
  CARD_SUSPENDED: "CC45",
  CARD_INVALID: "CC14",
  BLOCKED_BY_NET_CANCEL: "CC90",
  TRACE_REUSED: "8094",
  ORIGINAL_NOT_FOUND: "CCA1",
  ORIGINAL_DECLINED: "CCA5",
  ALREADY_NET_CANCELED: "CCA4",
  ALREADY_CANCELED: "CCA2",
  ALREADY_ACQUIRED: "CCA3",
  AMOUNT_EXCEEDS_BALANCE: "CCAC",
  BALANCE_MISMATCH: "CCA8",
  FULL_CANCEL_AFTER_PARTIAL: "CCA9",
  NOT_CANCELABLE: "CCA6",
  PARTIAL_NOT_ALLOWED: "CCA9",
  CANCEL_TOO_LATE: "CCA7",
  INSUFFICIENT_BALANCE: "CCAB",
  REFUSED: "CC99",
  MALFORMED: "9001",
};

const sbx2Codes: Readonly<Record<Reason, string>> = {
  OK: "0000",
  CARD_DECLINED: "8350",
  CARD_LIMIT_EXCEEDED: "8327",
  CARD_INSUFFICIENT_FUNDS: "8324",
  CARD_EXPIRED: "8314",
  CARD_STOLEN: "8326",
  CARD_SUSPENDED: "8325",
  CARD_INVALID: "8315",
  BLOCKED_BY_NET_CANCEL: "8390",
  TRACE_REUSED: "9401",
  ORIGINAL_NOT_FOUND: "7001",
  ORIGINAL_DECLINED: "7005",
  ALREADY_NET_CANCELED: "7004",
  ALREADY_CANCELED: "7002",
  ALREADY_ACQUIRED: "7003",
  AMOUNT_EXCEEDS_BALANCE: "7010",
  BALANCE_MISMATCH: "7011",
  FULL_CANCEL_AFTER_PARTIAL: "7012",
  NOT_CANCELABLE: "7015",
  PARTIAL_NOT_ALLOWED: "7012",
  CANCEL_TOO_LATE: "7013",
  INSUFFICIENT_BALANCE: "7014",
  REFUSED: "7099",
  MALFORMED: "9001",
};

/** How SBX1 says a reason. */
export function sbx1Answer(reason: Reason): AnswerText {
  return { code: sbx1Codes[reason], text: texts[reason] };
}

/** How SBX2 says a reason. */
export function sbx2Answer(reason: Reason): AnswerText {
  return { code: sbx2Codes[reason], text: texts[reason] };
}

/** What `UNKNOWN_CODE` answers with: codes that stand in no table. */
export const unlistedAnswer: Readonly<Record<"SBX1" | "SBX2", AnswerText>> = {
  SBX1: { code: "ZZ99", text: "알 수 없는 코드" },
  SBX2: { code: "5959", text: "알 수 없는 코드" },
};
