import { describe, expect, test } from "vitest";
import { common } from "#components/i18n/ko/common.ts";
import { paymentList } from "#components/i18n/ko/payment-list.ts";
import { payments } from "#components/i18n/ko/payments.ts";
import { readListUrl, writeListUrl } from "#components/payments/payment-filter-url.ts";
import { nearestOf, readSearch, type SearchVocabulary } from "#components/payments/search-grammar.ts";
import { hasCondition } from "#components/payments/search-tokens.ts";
import { paymentFilterSchema } from "#server/payments/payment-search.schemas.ts";

const vocabulary: SearchVocabulary = {
  status: common.status.payment,
  method: common.method,
  origin: common.origin,
  outcome: paymentList.outcomes,
  periods: payments.filter.periods,
  malls: [
    { id: "mall_1", name: "한빛서점" },
    { id: "mall_2", name: "달빛 베이커리" },
    { id: "mall_3", name: "달빛 문구" },
  ],
  vans: [
    { code: "SBX1", name: "샌드박스 1" },
    { code: "SBX2", name: "샌드박스 2" },
  ],
  today: "2026-11-27",
};
const read = (text: string) => readSearch(text, vocabulary);
const setBy = (text: string) => {
  const result = read(text);
  return result.problem ? result.problem : { ...result.set, ...(result.words && { words: result.words }) };
};

describe("conditions that are typed", () => {
  test.each([
    ["상태:결과불명,취소처리중", { status: ["UNKNOWN", "CANCEL_PENDING"] }],
    ["status:unknown,done", { status: ["DONE", "UNKNOWN"] }],
    [
      "-상태:망취소완료,만료",
      {
        status: [
          "READY",
          "IN_PROGRESS",
          "DONE",
          "ABORTED",
          "UNKNOWN",
          "CANCEL_PENDING",
          "PARTIAL_CANCELED",
          "CANCELED",
        ],
      },
    ],
    ['가맹점:"한빛서점"', { mall: ["mall_1"] }],
    ["가맹점:한빛,베이커리", { mall: ["mall_1", "mall_2"] }],
    ["mall:mall_3", { mall: ["mall_3"] }],
    ["VAN:SBX2", { van: ["SBX2"] }],
    ['van:"샌드박스 1"', { van: ["SBX1"] }],
    ["경로:콘솔", { origin: ["CONSOLE"] }],
    ["-origin:api", { origin: ["CONSOLE", "SYSTEM", "NET_CANCEL", "CHARGEBACK"] }],
    ["결제수단:카드", { method: ["CARD"] }],
    ["오류:CARD_LIMIT_EXCEEDED", { failure: ["CARD_LIMIT_EXCEEDED"] }],
    ["error:card_expired", { failure: ["CARD_EXPIRED"] }],
    ["승인결과:거절", { outcome: ["declined"] }],
    ["outcome:결과불명", { outcome: ["unknown"] }],
    ["결제일:2026-11-01..2026-11-19", { date: "2026-11-01..2026-11-19" }],
    ["결제일:11-19", { date: "2026-11-19..2026-11-19" }],
    ["date:today", { date: "today" }],
    ['취소일:"최근 7일"', { canceled: "7d" }],
    ["응답시각:>=2026-11-19", { answered: "2026-11-19.." }],
    ["응답:>=3초", { responseMinMs: 3_000, responseMaxMs: undefined }],
    ["response:100ms..1.5s", { responseMinMs: 100, responseMaxMs: 1_500 }],
    ["응답시간:1..3초", { responseMinMs: 1_000, responseMaxMs: 3_000 }],
    ["쿠키 HB2026-0012", { words: "쿠키 HB2026-0012" }],
    ['"특가: 쿠키" 1234', { words: "특가: 쿠키 1234" }],
    ["HB-001 상태:승인완료 경로:API", { status: ["DONE"], origin: ["API"], words: "HB-001" }],
    ["-0012", { words: "-0012" }],
    ["14:32", { words: "14:32" }],
    ["   ", {}],
  ])("%s", (text, expected) => {
    expect(setBy(text)).toEqual(expected);
  });

  test.each([
    [">=10만", "100000", undefined],
    ["10만이상", "100000", undefined],
    ["<=5천", undefined, "5000"],
    [">48,000원", "48001", undefined],
    ["<1만", undefined, "9999"],
    ["1만..5만", "10000", "50000"],
    ["1억2천만..", "120000000", undefined],
    ["3.5만", "35000", "35000"],
    ["2만5천", "25000", "25000"],
    ["₩100k", "100000", "100000"],
    ["0", "0", "0"],
  ])("금액:%s", (text, amountMin, amountMax) => {
    expect(setBy(`금액:${text}`)).toEqual({ amountMin, amountMax });
  });
});

describe("what cannot be said changes nothing and says why", () => {
  test.each([
    ["상텨:결과불명", { kind: "unknownKey", key: "상텨", nearest: "상태", corrected: "상태:결과불명" }],
    [
      "쿠키 -sttus:done",
      { kind: "unknownKey", key: "sttus", nearest: "status", corrected: "쿠키 -status:done" },
    ],
    ["카드:신한", { kind: "unknownKey", key: "카드", nearest: null, corrected: null }],
    ["상태:", { kind: "missing", key: "상태" }],
    ['상태:""', { kind: "missing", key: "상태" }],
    ["상태:,", { kind: "missing", key: "상태" }],
    ["상태:만료 status:done", { kind: "twice", key: "status" }],
    [
      "상태:결과블명",
      { kind: "noValue", key: "상태", value: "결과블명", nearest: "결과불명", corrected: "상태:결과불명" },
    ],
    ["가맹점:없는곳", { kind: "noValue", key: "가맹점", value: "없는곳", nearest: null, corrected: null }],
    [
      "가맹점:달빛",
      { kind: "manyValues", key: "가맹점", value: "달빛", found: ["달빛 베이커리", "달빛 문구"] },
    ],
    ["금액:많이", { kind: "malformed", of: "amount", key: "금액", value: "많이" }],
    ["금액:1.5", { kind: "malformed", of: "amount", key: "금액", value: "1.5" }],
    ["금액:5만..1만", { kind: "malformed", of: "amount", key: "금액", value: "5만..1만" }],
    ["금액:>=200억", { kind: "malformed", of: "amount", key: "금액", value: ">=200억" }],
    ["금액:5천1만", { kind: "malformed", of: "amount", key: "금액", value: "5천1만" }],
    ["응답:>=3000", { kind: "malformed", of: "response", key: "응답", value: ">=3000" }],
    ["결제일:2026-02-30", { kind: "malformed", of: "period", key: "결제일", value: "2026-02-30" }],
    ["결제일:..", { kind: "malformed", of: "period", key: "결제일", value: ".." }],
    ["-금액:>=10만", { kind: "notPossible", key: "금액" }],
    ["-가맹점:한빛서점", { kind: "notPossible", key: "가맹점" }],
    ["-쿠키", { kind: "notPossible", key: null }],
    ["-결제수단:카드,상품권", { kind: "nothingLeft", key: "결제수단" }],
  ])("%s", (text, problem) => {
    expect(read(text).problem).toEqual(problem);
  });
});

test("half of a condition waits for Enter, words do not", () => {
  for (const text of ["상태:", "쿠키 상태:결", "-쿠키", "sttus:x"]) expect(hasCondition(text)).toBe(true);
  for (const text of ["쿠키", "-0012", '"상태:결과불명"', "14:32", ""])
    expect(hasCondition(text)).toBe(false);
});

test("a name is near when a person would take it for the other", () => {
  expect(nearestOf("금엑", ["금액", "상태"])).toBe("금액");
  expect(nearestOf("오륙", ["오류"])).toBe("오류");
  expect(nearestOf("사과", ["상태", "금액"])).toBeNull();
});

test("whatever is typed, reading it never throws, and what it sets is a filter that its address keeps", () => {
  const parts = [
    "상태",
    "금액",
    "VAN",
    "mall",
    "결제일",
    "응답",
    "오류",
    "-",
    ":",
    ",",
    '"',
    "“",
    " ",
    "..",
    "~",
    ">=",
    "<",
    "10만",
    "억",
    "1.5",
    "3초",
    "300ms",
    "done",
    "결과불명",
    "2026-11-19",
    "T00:00:00Z",
    "today",
    "한빛서점",
    "\\",
    "%",
    "\u0000",
    "가",
    "e\u0301",
    "😀",
    "𠀀",
    "\n",
    "[",
    "(",
    "$&",
    "9".repeat(30),
  ];
  // A fixed seed: what fails once fails again.
  let seed = 20_261_127;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  let applied = 0;
  for (let run = 0; run < 8_000; run++) {
    const text = Array.from({ length: 1 + random(9) }, () => parts[random(parts.length)]).join("");
    hasCondition(text);
    const result = read(text);
    if (result.problem) continue;
    applied++;
    expect(paymentFilterSchema.safeParse(result.set).success, text).toBe(true);
    const kept = JSON.parse(JSON.stringify(result.set));
    expect(
      readListUrl(new URLSearchParams(writeListUrl({ filter: kept, sort: "amount" }))).filter,
      text,
    ).toEqual(kept);
  }
  expect(applied).toBeGreaterThan(300);
}, 30_000);
