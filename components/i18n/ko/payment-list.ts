import type { OutcomeChoice } from "#server/payments/payment-search.values.ts";

const grouped = (count: number) => count.toLocaleString("en-US");

const outcomes: Record<OutcomeChoice, string> = {
  approved: "승인",
  declined: "거절",
  unknown: "결과불명",
  failed: "VAN 오류",
  netCanceled: "결과불명 뒤 망취소",
  stillUnknown: "아직 결과불명",
};

/** The particle after what a person typed, by its last letter; `other` where that is no Hangul. */
function after(word: string, closed: string, open: string, other: string): string {
  const code = (word.normalize("NFC").at(-1) ?? "").charCodeAt(0) - 0xac00;
  if (!(code >= 0 && code <= 11_171)) return other;
  return code % 28 > 0 ? closed : open;
}

/** Texts of what one does with the list of payments: views, columns, selection, keys. */
export const paymentList = {
  filterNames: {
    canceled: "취소일",
    answered: "응답 시각",
    outcome: "승인 결과",
    response: "응답 시간",
    failure: "오류",
  },
  response: {
    min: "최소 응답 시간(초)",
    max: "최대 응답 시간(초)",
    atLeast: (duration: string) => `${duration} 이상`,
    atMost: (duration: string) => `${duration} 이하`,
    between: (min: string, max: string) => `${min}–${max}`,
    invalid: "0 이상의 초로 입력해 주세요. 예: 1.5",
    reversed: "최대 응답 시간이 최소보다 짧아요.",
  },
  findFailure: { label: "오류 코드 찾기", none: "찾는 오류 코드가 없어요." },
  outcomes,
  /** What is said about a condition that was typed and is none. */
  grammar: {
    unknownKey: (key: string) => `'${key}'${after(key, "이라는", "라는", "라는")} 조건은 없어요.`,
    didYouMean: (name: string) => `'${name}'${after(name, "을", "를", " 조건을")} 찾으셨나요?`,
    asWords: (key: string) => `낱말로 찾으려면 따옴표로 감싸 주세요: "${key}: …"`,
    fix: (text: string) => `${text} 검색하기`,
    missing: (key: string) => `'${key}:' 뒤에 띄지 않고 값을 적어 주세요.`,
    twice: (key: string) => `'${key}' 조건이 두 번 나와요. 값을 쉼표로 이어 주세요.`,
    noValue: (key: string, value: string) =>
      `'${key}'에는 '${value}'${after(value, "이라는", "라는", "라는")} 값이 없어요.`,
    manyValues: (value: string, found: string) =>
      `'${value}'에 맞는 것이 여럿이에요: ${found}. 이름을 더 적어 주세요.`,
    malformed: {
      amount: (value: string) =>
        `'${value}'${after(value, "은", "는", "는")} 금액이 아니에요. >=10만, <5천, 1만..5만처럼 적어 주세요.`,
      response: (value: string) =>
        `'${value}'${after(value, "은", "는", "는")} 응답 시간이 아니에요. >=3초, 300ms..1초처럼 단위까지 적어 주세요.`,
      period: (value: string) =>
        `'${value}'${after(value, "은", "는", "는")} 기간이 아니에요. 오늘, 11-19, 2026-11-01..2026-11-19처럼 적어 주세요.`,
    },
    notPossible: (key: string) =>
      `'${key}' 조건은 빼고 찾을 수 없어요. -로 뺄 수 있는 조건은 상태, 결제수단, 경로예요.`,
    notPossibleWord: "낱말은 빼고 찾을 수 없어요. -로 뺄 수 있는 조건은 상태, 결제수단, 경로예요.",
    nothingLeft: (key: string) => `'${key}'의 값을 모두 빼서 남는 결제가 없어요.`,
    unread: "조건을 읽는 부분을 불러오지 못했어요. Enter를 다시 눌러 주세요.",
    nothingChanged: "목록은 바꾸지 않았어요.",
  },
  quick: {
    legend: "빠른 조건",
    names: {
      today: "오늘",
      unknown: "결과불명",
      canceledToday: "오늘 취소",
      large: "100만원 이상",
      failed: "승인실패",
    },
  },
  totals: {
    counting: "합계를 세고 있어요",
    atLeast: (count: number) => `${grouped(count)}건 이상`,
    atLeastOf: (count: number) => `최신 ${grouped(count)}건 합계`,
    more: "더 있어요",
    exact: "정확히 세기",
    failed: "합계를 세지 못했어요",
    searchedTo: (time: string) => `${time}까지 찾았어요`,
    searchOn: "더 이전에서 찾기",
  },
  selection: {
    column: "선택",
    all: "불러온 결제 모두 선택",
    one: (orderId: string) => `${orderId} 선택`,
    money: (amount: string, balance: string) => `승인 ${amount} · 잔액 ${balance}`,
    copyKeys: "결제키 복사",
    keysCopied: (count: number) => `결제키 ${grouped(count)}개를 복사했어요.`,
    export: "CSV 내보내기",
    exported: (count: number) => `${grouped(count)}건을 CSV로 저장했어요.`,
    fileName: (stamp: string) => `결제-${stamp}.csv`,
    cancel: "취소…",
    selectMatching: (count: number) => `조건에 맞는 ${grouped(count)}건 모두 선택`,
    allMatching: (count: number) => `조건에 맞는 ${grouped(count)}건을 모두 선택했어요`,
    tooManyMatching: (count: number, max: number) =>
      `조건에 맞는 ${grouped(count)}건은 한 번에 취소할 수 있는 ${grouped(max)}건보다 많아요`,
    cancelTooMany: (max: number) => `한 번에 ${grouped(max)}건까지 취소할 수 있어요.`,
  },
  csv: { orderId: "주문번호", product: "상품", currency: "통화" },
  columns: {
    title: "열",
    open: "열 고르기",
    hint: "체크하면 보이고, 화살표로 순서를 바꿔요.",
    up: (name: string) => `${name} 앞으로`,
    down: (name: string) => `${name} 뒤로`,
    lasting: "항상 보여요",
    reset: "처음으로",
    moved: (name: string, place: number) => `${name}: ${place}번째`,
    failed: "열을 저장하지 못했어요",
  },
  views: {
    label: "저장한 보기",
    everything: "전체",
    save: "보기 저장",
    menu: (name: string) => `${name} 보기 메뉴`,
    shared: "공유됨",
    sharedBy: (name: string) => `${name} 님이 공유`,
    isDefault: "기본 보기",
    edited: "수정됨",
    update: "저장",
    revert: "되돌리기",
    saveAs: "다른 이름으로 저장",
    rename: "이름 바꾸기",
    share: "모두에게 공유",
    unshare: "공유 그만하기",
    makeDefault: "기본 보기로",
    unmakeDefault: "기본 보기에서 빼기",
    copyLink: "링크 복사",
    linkCopied: "보기 링크를 복사했어요.",
    delete: "지우기",
    deleted: (name: string) => `${name} 보기를 지웠어요.`,
    undo: "되돌리기",
    restored: (name: string) => `${name} 보기를 되돌렸어요.`,
    saved: (name: string) => `${name} 보기를 저장했어요.`,
    nameLabel: "보기 이름",
    nameMissing: "이름을 입력해 주세요.",
    nameHint: (max: number) => `${max}자까지`,
    shareHint: "다른 사람의 목록에도 보여요. 바꾸고 지우는 것은 나와 관리자만 할 수 있어요.",
    saveHint: "조건, 정렬, 열을 함께 저장해요.",
    failed: "보기를 바꾸지 못했어요",
    unreadable: (name: string) => `${name} 보기의 조건을 읽을 수 없어요`,
    unreadableHint:
      "조건이 바뀌었거나 없어졌어요. 목록은 바꾸지 않았어요. 지금 조건으로 다시 저장하거나 지워 주세요.",
    overwrite: "지금 조건으로 저장",
    gone: "이 보기는 지워졌거나 공유가 끝났어요",
    goneHint: "조건은 주소에 있는 대로 보여요.",
  },
  help: {
    title: "단축키",
    open: "단축키 보기",
    list: "목록",
    selection: "선택",
    go: "이동",
    everywhere: "어디서나",
    keys: {
      search: "이 목록에서 검색",
      row: "다음 행, 이전 행",
      open: "결제 열기",
      peek: "미리 보기",
      filter: "조건 추가",
      cancel: "취소 미리보기: 선택한 결제, 없으면 이 행",
      copyLink: "결제 링크 복사",
      select: "행 선택",
      range: "여기까지 선택",
      escape: "선택 해제, 한 단계 뒤로",
      palette: "이동과 찾기",
      sidebar: "메뉴 접기, 펼치기",
      help: "단축키 보기",
    },
    use: "한 글자 단축키 쓰기",
    note: "글자를 입력하는 동안에는 쓰이지 않아요. 금액을 움직이는 단축키는 없어요.",
  },
};
