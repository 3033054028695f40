import type { VanTrouble } from "#server/van/van-trouble-queries.ts";

const grouped = (count: number | bigint) => count.toLocaleString("en-US");
const won = (amountMinor: bigint) => `${grouped(amountMinor)}원`;
const signed = (value: number | bigint) =>
  value > 0 ? `+${grouped(value)}` : grouped(value).replace("-", "−");

export const home = {
  title: "홈",
  live: (clock: string) => `실시간 · ${clock}`,
  lost: (clock: string) => `실시간 끊김 · ${clock} 기준`,
  reconnect: "다시 연결",
  error: "오늘 수치를 불러오지 못했어요. 결제에는 영향이 없어요.",
  today: "오늘",
  comparedWith: (day: string, clock: string) => `지난주 ${day} ${clock}까지와 비교해요`,
  now: "지금",
  nowRemark: "날짜와 상관없이 아직 끝나지 않은 것",
  countOf: (count: number) => `${grouped(count)}건`,
  lastWeek: (value: string) => `지난주 ${value}`,
  lastWeekCount: (count: number) => `지난주 ${grouped(count)}건`,
  countChange: (change: number, rate: string | null) =>
    rate === null ? `${signed(change)}건` : `${signed(change)}건 (${rate})`,
  amountChange: (change: bigint, rate: string | null) =>
    rate === null ? `${signed(change)}원` : `${signed(change)}원 (${rate})`,
  points: (value: string) => `${value}%p`,
  same: "지난주와 같아요",
  approvals: "승인",
  amount: "승인 금액",
  approvalRate: "승인율",
  unapproved: (count: number) => `미승인 ${grouped(count)}건`,
  noRate: "아직 승인 요청이 없어요",
  cancels: "취소",
  canceledAmount: (amountMinor: bigint) => `${won(amountMinor)} 돌려줌`,
  unknown: "결과불명",
  unknownSome: "VAN에 결과를 확인하고 있어요",
  unknownNone: "결과를 모르는 결제가 없어요",
  deadLetters: "데드레터",
  deadLettersSome: "사람의 판단을 기다려요",
  deadLettersNone: "기다리는 작업이 없어요",
  oldest: "가장 오래된 미해결",
  oldestNone: "없음",
  oldestOf: (orderId: string, mall: string, amountMinor: bigint) =>
    `${orderId} · ${mall} · ${won(amountMinor)}`,
  payouts: "지급 예정",
  payoutsDue: (amountMinor: bigint) => `오늘까지 ${won(amountMinor)}`,
  payoutsNone: "오늘까지 지급할 것이 없어요",
  nextPayout: (date: string, count: number, amountMinor: bigint) =>
    `다음 ${date} · ${grouped(count)}건 ${won(amountMinor)}`,
  attention: {
    title: "지금 볼 것",
    error: "지금 볼 것을 불러오지 못했어요. 결제에는 영향이 없어요.",
    none: "지금 볼 것이 없어요",
    noneBody: "결과불명의 기한, 사건, VAN, 데드레터를 계속 보고 있어요.",
    unknown: "결과불명",
    closing: (van: string, count: number) => `${van} 결과불명 ${grouped(count)}건, 망취소 기한이 가까워요`,
    overdue: (van: string, count: number) => `${van} 결과불명 ${grouped(count)}건, 망취소 기한이 지났어요`,
    incident: "사건",
    incidents: (count: number) => `열린 사건 ${grouped(count)}건`,
    incidentNow: "지금 확인해야 해요",
    incidentToday: "오늘 안에 확인해요",
    van: "VAN",
    vans: {
      stopped: (code: string) => `${code} 새 승인을 멈췄어요`,
      open: (code: string) => `${code} 회로가 열렸어요`,
      half_open: (code: string) => `${code} 회로가 반쯤 열려 있어요`,
    } satisfies Record<VanTrouble["trouble"], (code: string) => string>,
    since: (time: string) => `${time}부터`,
    deadLetter: "데드레터",
    deadLetters: (count: number) => `데드레터 ${grouped(count)}건이 판단을 기다려요`,
    deadline: (left: string) => `가장 가까운 기한 ${left}`,
    noDeadline: "기한이 남은 작업은 없어요",
  },
  chart: {
    title: "시간대별 승인",
    unit: (day: string) => `건 · 막대는 오늘, 가로선은 지난주 ${day}`,
    label: "시간대별 승인 수",
    caption: "시간대별 승인, 오늘과 지난주 같은 요일",
    hour: "시간",
    hourOf: (hour: number) => `${hour}시`,
    running: (hour: number) => `${hour}시 (지금까지)`,
    today: "오늘",
    before: "지난주",
    beforeSoFar: "지난주 이 시각까지",
    beforeWhole: "지난주 한 시간",
    say: (hour: number, today: string | null, before: string) =>
      today === null ? `${hour}시, 지난주 ${before}건` : `${hour}시, 오늘 ${today}건, 지난주 ${before}건`,
    empty: "오늘도 지난주에도 승인이 없어요",
  },
};
