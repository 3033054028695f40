import type {
  NextStep,
  NextStepWhy,
  UnresolvedKind,
  VanAnswer,
} from "#server/payments/domain/decide-unresolved.ts";
import type { HastenResult } from "#server/payments/hasten-recovery.ts";
import type { UnresolvedAge, UnresolvedDeadline } from "#server/payments/unresolved.values.ts";

const grouped = (count: number) => count.toLocaleString("en-US");

const kinds: Record<UnresolvedKind, string> = {
  APPROVAL: "승인",
  NET_CANCEL: "망취소",
  CANCEL: "취소",
  ORPHAN: "늦은 승인",
};

const ages: Record<UnresolvedAge, string> = {
  UNDER_1_MIN: "1분 안",
  UNDER_10_MIN: "1–10분",
  UNDER_1_H: "10분–1시간",
  OVER_1_H: "1시간 넘음",
};

const deadlines: Record<UnresolvedDeadline, string> = {
  CLOSING: "15분 안에 지남",
  PASSED: "기한 지남",
};

const answers: Record<Exclude<VanAnswer["kind"], "found">, string> = {
  not_found: "원거래가 없다고 해요",
  silent: "답하지 않았어요",
  unreachable: "연결되지 않았어요",
  not_connected: "연결 설정이 없어요",
};

const states: Record<Extract<VanAnswer, { kind: "found" }>["state"], string> = {
  approved: "승인돼 있어요",
  declined: "승인하지 않았어요",
  net_canceled: "망취소돼 있어요",
  canceled: "취소돼 있어요",
};

const whys: Record<NextStepWhy, string> = {
  LIVE: "결과를 모르는 승인은 돌려줘요. 지금 망취소하면 고객에게 청구되지 않아요.",
  LIVE_AFTER_DEADLINE: "망취소 기한이 지나서 일반 취소로 돌려줘요.",
  REVERSED: "VAN에 남은 금액이 없어요. 우리 기록만 맞춰요.",
  DECLINED: "청구된 금액이 없어요. 우리 기록만 맞춰요.",
  NOT_FOUND: "승인이 뒤늦게 도착할 수 있어서, 망취소를 보내 확실히 닫아요.",
  NOT_CANCELED: "같은 거래번호로 취소를 다시 보내요. 두 번 취소되지 않아요.",
  CANCELED: "VAN은 취소를 마쳤어요. 우리 기록만 맞춰요.",
  SILENT: "답이 없어도 망취소는 보낼 수 있어요. 두 번 처리되지 않아요.",
  SILENT_CANCEL: "VAN이 답할 때까지 취소 결과를 정할 수 없어요. 자동으로 다시 물어요.",
  SILENT_AFTER_DEADLINE: "망취소 기한이 지났고 VAN 상태를 몰라요. 담당자를 정하고 VAN에 직접 확인해 주세요.",
  AMOUNT_DIFFERS: "VAN 금액이 우리 금액과 달라요. 담당자를 정하고 VAN에 직접 확인해 주세요.",
  PARTLY_CANCELED: "VAN에서 일부가 취소된 건이에요. 담당자를 정하고 VAN에 직접 확인해 주세요.",
  NOT_CONNECTED: "이 VAN과 연결되어 있지 않아요. 설정을 확인해 주세요.",
};

const steps: Record<Exclude<NextStep, "PERSON">, (amount: string) => string> = {
  NET_CANCEL: (amount) => `${amount} 망취소하기`,
  CANCEL_INSTEAD: (amount) => `${amount} 취소로 돌려주기`,
  REVERSE: (amount) => `${amount} 되돌리기`,
  CANCEL_AGAIN: (amount) => `${amount} 취소 다시 보내기`,
  CLOSE: () => "기록 맞추고 닫기",
};

const hastened: Record<HastenResult, string> = {
  started: "보냈어요. 결과를 기다리고 있어요.",
  under_way: "이미 처리하고 있어요. 결과를 기다리고 있어요.",
  resolved: "이미 끝난 건이에요.",
  in_other_hands: "다른 담당자가 맡고 있어요. 바뀐 것은 없어요.",
  not_found: "찾지 못했어요. 바뀐 것은 없어요.",
};

export const unresolved = {
  title: "결과불명",
  count: (count: number) => `${grouped(count)}건`,
  nearest: (left: string) => `가장 급한 기한 ${left}`,
  amountTotal: (amount: string) => `금액 합계 ${amount}`,
  filters: "결과불명 조건",
  facets: { deadline: "망취소 기한", kind: "종류", van: "VAN", age: "지난 시간", mall: "가맹점" },
  kinds,
  ages,
  deadlines,
  caption: (count: number) =>
    `결과불명 ${grouped(count)}건, 남은 망취소 기한이 가까운 순, 나머지는 오래된 순`,
  sorted: "기한이 가까운 순, 나머지는 오래된 순",
  shown: (shown: number, count: number) => `${grouped(count)}건 가운데 ${grouped(shown)}건`,
  columns: {
    status: "상태",
    deadline: "망취소 기한",
    payment: "결제",
    amount: "금액(원)",
    last: "마지막 전문 · 자동 확인",
    assignee: "담당",
    action: "조치",
  },
  badges: { NET_CANCEL: "망취소 확인 중", ORPHAN: "늦은 승인" },
  passed: "기한 지남",
  soon: "곧 지나요",
  since: (age: string) => `${age}째`,
  selectRow: (name: string) => `${name} 선택`,
  selectAll: "보이는 건 모두 선택",
  selected: (count: number, amount: string) => `${grouped(count)}건 선택 · ${amount}`,
  open: (name: string) => `${name} 전문 보기`,
  operations: { APPROVE: "승인", CANCEL: "취소", NET_CANCEL: "망취소", INQUIRY: "조회" },
  outcomes: {
    approved: "승인 있음",
    declined: "거절",
    net_canceled: "망취소됨",
    canceled: "취소됨",
    original_not_found: "원거래 없음",
    not_found: "원거래 없음",
    already_acquired: "이미 매입됨",
    refused: "거절",
    unknown: "응답 없음",
    not_sent: "보내지 못함",
  } as Readonly<Record<string, string>>,
  noExchange: "주고받은 전문 없음",
  job: {
    tries: (tries: number, max: number) => `자동 확인 ${tries}/${max}회`,
    next: (left: string) => `${left} 뒤`,
    now: "곧",
    running: "지금 확인 중",
    waitsForVan: "VAN 복구 대기",
    dead: "자동 확인 끝남",
    deadTries: (tries: number) => `${tries}회 시도`,
    deadLink: "데드레터",
    none: "자동 확인 대기",
  },
  assign: {
    nobody: "없음",
    me: "나",
    take: "내가 맡기",
    takeOf: (name: string) => `${name} 내가 맡기`,
    takeOver: "넘겨받기",
    takeOverOf: (name: string, holder: string) => `${name}, ${holder} 담당을 넘겨받기`,
    release: "내려놓기",
    releaseOf: (name: string) => `${name} 담당 내려놓기`,
    releaseTitle: "담당 내려놓기",
    releaseLead: "다음 사람이 이어서 볼 수 있게 메모를 남겨 주세요.",
    note: "메모",
    notePlaceholder: "예: VAN 담당자와 통화, 18시에 회신 예정",
    noteMissing: "메모를 적어 주세요.",
    noteBy: (name: string) => `${name}의 메모`,
    failed: "담당을 바꾸지 못했어요. 결제에는 영향이 없어요.",
    taken: "맡았어요. 다른 사람에게도 보여요.",
    released: "내려놓았어요. 메모가 남았어요.",
  },
  ask: "VAN에 물어보기",
  askShort: "물어보기",
  askOf: (name: string) => `${name} VAN에 물어보기`,
  askSelected: (count: number) => `${grouped(count)}건 VAN에 물어보기`,
  asking: "VAN에 묻고 있어요",
  askingOf: (done: number, count: number) => `${grouped(count)}건 가운데 ${grouped(done)}건 물었어요`,
  asked: (answered: number, silent: number) =>
    silent > 0 ? `${grouped(answered)}건 답함 · ${grouped(silent)}건 답 없음` : `${grouped(answered)}건 답함`,
  answer: (van: string, text: string) => `${van}: ${text}`,
  answerAt: (clock: string) => `${clock} 조회`,
  answers,
  states,
  whys,
  steps,
  hastened,
  still: "VAN이 아직 끝내지 못했어요. 자동으로 다시 확인해요. 다시 물어볼 수도 있어요.",
  gone: "이미 끝난 건이에요. VAN에 묻지 않았어요.",
  missing: "찾지 못했어요.",
  resolved: "해결됐어요",
  leftFilter: "조건에서 벗어남",
  live: "실시간",
  stale: (clock: string) => `실시간 끊김 · ${clock} 기준`,
  reconnect: "다시 연결",
  errors: {
    list: "결과불명을 불러오지 못했어요. 예정된 자동 확인은 그대로예요.",
    ask: "VAN에 묻지 못했어요. 바뀐 것은 없어요.",
    hasten: "보내지 못했어요. 예정된 자동 확인은 그대로예요.",
  },
  empty: {
    good: "결과불명이 없어요",
    goodBody: (clock: string) => `모든 결제의 결과를 알고 있어요. 마지막 확인 ${clock}`,
    filtered: "조건에 맞는 결과불명이 없어요",
    filteredBody: "조건을 줄여 보세요.",
  },
};
