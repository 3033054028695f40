/** What a mall of the demo sells. Prices are won. */
export type Goods = Readonly<{ name: string; price: number; taxFree: boolean; unit: string }>;

export type DemoMall = Readonly<{
  name: string;
  businessNumber: string;
  /** Its part of all payments. */
  share: number;
  /** Most items in one order. */
  itemsMax: number;
  /** Below this, orders carry a delivery fee of 3,000 won; null for none. */
  freeDeliveryFrom: number | null;
  goods: readonly Goods[];
  /** The n-th order of a business date `YYYY-MM-DD`, or of all its days. */
  orderIdOf(date: string, ofDay: number, ofAll: number): string;
  routes: readonly Readonly<{ vanCode: "SBX1" | "SBX2"; weight: number }>[];
  /** What is agreed for cards since the beginning of the demo, and what will be. Rates in 1/100,000. */
  contract: Readonly<{
    feeRateE5: number;
    cycle: "DAILY" | "WEEKLY" | "MONTHLY";
    lagBusinessDays: number;
    next?: Readonly<{ inDays: number; feeRateE5: number }>;
  }>;
  /** Days ago at which it began to listen to webhooks; null for a mall that does not. */
  listensSinceDays: number | null;
}>;

const taxed =
  (unit: string) =>
  (name: string, price: number): Goods => ({ name, price, taxFree: false, unit });
/** Books, and food as it grew, carry no VAT. */
const taxFree =
  (unit: string) =>
  (name: string, price: number): Goods => ({ name, price, taxFree: true, unit });
const book = taxFree("권");
const paper = taxed("개");
const meal = taxed("개");
const fresh = taxFree("개");
const gear = taxed("개");

const compact = (date: string) => date.replaceAll("-", "");

export const demoMalls: readonly DemoMall[] = [
  {
    name: "한빛서점",
    businessNumber: "000-81-00011",
    share: 31,
    itemsMax: 5,
    freeDeliveryFrom: 15_000,
    goods: [
      book("클린 코드", 33_000),
      book("세계 문학 선집", 14_500),
      book("어린이 과학 전집", 21_000),
      book("데이터 중심 애플리케이션 설계", 45_000),
      book("수학의 정석 기본편", 17_000),
      book("토익 기출 1000제", 18_900),
      book("한 그릇 집밥", 16_800),
      book("동네 산책 지도", 13_500),
      book("그림으로 배우는 네트워크", 24_000),
      book("여행 영어 회화", 12_800),
      paper("북 커버", 6_900),
      paper("독서대", 19_800),
      paper("에코백", 9_900),
    ],
    orderIdOf: (date, ofDay) => `HB${compact(date)}-${String(ofDay).padStart(4, "0")}`,
    routes: [
      { vanCode: "SBX1", weight: 80 },
      { vanCode: "SBX2", weight: 20 },
    ],
    contract: {
      feeRateE5: 2_200,
      cycle: "DAILY",
      lagBusinessDays: 2,
      next: { inDays: 21, feeRateE5: 2_100 },
    },
    listensSinceDays: 20,
  },
  {
    name: "오늘의식탁",
    businessNumber: "000-86-00022",
    share: 25,
    itemsMax: 4,
    freeDeliveryFrom: 30_000,
    goods: [
      meal("밀키트 2인 세트", 16_900),
      meal("부대찌개 밀키트", 13_900),
      meal("소고기 미역국", 7_900),
      meal("수제 돈가스 4장", 12_500),
      meal("모둠 반찬 6종", 21_800),
      meal("냉동 만두 1kg", 9_800),
      fresh("한우 불고기 600g", 52_400),
      fresh("손질 오징어 500g", 14_900),
      fresh("친환경 두부 2모", 5_800),
      fresh("쌈 채소 모음", 6_500),
    ],
    orderIdOf: (_date, _ofDay, ofAll) => `OT-${870_000 + ofAll}`,
    routes: [
      { vanCode: "SBX1", weight: 40 },
      { vanCode: "SBX2", weight: 60 },
    ],
    contract: { feeRateE5: 2_400, cycle: "DAILY", lagBusinessDays: 3 },
    listensSinceDays: null,
  },
  {
    name: "모두의문구",
    businessNumber: "000-87-00033",
    share: 17,
    itemsMax: 6,
    freeDeliveryFrom: 25_000,
    goods: [
      paper("만년필 잉크 세트", 32_500),
      paper("다이어리 2027", 24_800),
      paper("스케치북 A3 20매", 9_300),
      paper("젤 펜 12색", 11_400),
      paper("무선 노트 5권", 8_900),
      paper("마스킹 테이프 3종", 6_600),
      paper("데스크 정리함", 18_700),
      paper("A4 복사지 2,500매", 23_900),
      paper("수채 물감 24색", 28_000),
    ],
    orderIdOf: (date, ofDay) => `MD-${compact(date)}-${String(ofDay).padStart(4, "0")}`,
    routes: [
      { vanCode: "SBX1", weight: 50 },
      { vanCode: "SBX2", weight: 50 },
    ],
    contract: { feeRateE5: 2_350, cycle: "WEEKLY", lagBusinessDays: 6 },
    listensSinceDays: null,
  },
  {
    name: "그린팜마켓",
    businessNumber: "000-88-00044",
    share: 15,
    itemsMax: 5,
    freeDeliveryFrom: 40_000,
    goods: [
      fresh("제철 과일 꾸러미", 45_900),
      fresh("유기농 쌀 10kg", 41_200),
      fresh("무항생제 달걀 30구", 12_900),
      fresh("햇감자 5kg", 15_800),
      fresh("꿀사과 3kg", 24_900),
      fresh("대추방울토마토 2kg", 17_500),
      meal("착즙 사과즙 30포", 27_000),
      meal("국산 들기름 300ml", 19_900),
      meal("수제 그래놀라", 13_500),
    ],
    orderIdOf: (date, ofDay) => `GF-${compact(date).slice(4)}-${5_000 + ofDay}`,
    routes: [
      { vanCode: "SBX1", weight: 65 },
      { vanCode: "SBX2", weight: 35 },
    ],
    contract: { feeRateE5: 1_900, cycle: "DAILY", lagBusinessDays: 2 },
    listensSinceDays: null,
  },
  {
    name: "라온스포츠",
    businessNumber: "000-89-00055",
    share: 12,
    itemsMax: 3,
    freeDeliveryFrom: 50_000,
    goods: [
      gear("러닝화 260", 139_000),
      gear("등산 배낭 38L", 214_000),
      gear("요가 매트 8mm", 34_900),
      gear("트레킹화 250", 168_000),
      gear("경량 패딩 조끼", 89_000),
      gear("수영 고글", 27_500),
      gear("배드민턴 라켓", 118_000),
      gear("캠핑 의자", 46_800),
      gear("아령 5kg 2개", 39_800),
      gear("자전거 헬멧", 72_000),
      gear("2인용 텐트", 329_000),
    ],
    orderIdOf: (date, ofDay) => `RS-${compact(date)}-${String(ofDay).padStart(3, "0")}`,
    routes: [
      { vanCode: "SBX1", weight: 30 },
      { vanCode: "SBX2", weight: 70 },
    ],
    contract: { feeRateE5: 2_650, cycle: "MONTHLY", lagBusinessDays: 5 },
    listensSinceDays: 14,
  },
];
