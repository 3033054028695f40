import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import type { LatencyGrouping, LatencyPeriod } from "#server/reports/latency.values.ts";

const periods: Record<LatencyPeriod, string> = {
  "30m": "30분",
  "1h": "1시간",
  "6h": "6시간",
  "24h": "24시간",
  "7d": "7일",
  "30d": "30일",
};

const outcomes: Record<AnswerOutcome, string> = {
  approved: "승인",
  declined: "거절",
  unknown: "결과불명",
  failed: "VAN 오류",
};

const groupings: Record<LatencyGrouping, string> = { van: "VAN", mall: "가맹점", route: "경로" };
const per: Record<LatencyGrouping, string> = { van: "VAN별", mall: "가맹점별", route: "경로별" };

export const latency = {
  title: "지연 시간",
  live: (clock: string) => `실시간 · ${clock}까지`,
  fixed: (range: string) => range,
  stalled: (clock: string) => `집계가 밀렸어요 · ${clock}까지`,
  period: "기간",
  periods,
  custom: "직접",
  customFrom: "시작",
  customTo: "끝",
  customMissing: "시작과 끝을 모두 골라 주세요.",
  customReversed: "끝이 시작보다 뒤여야 해요.",
  customTooLong: (days: number) => `${days}일까지 볼 수 있어요.`,
  filters: "조건",
  van: "VAN",
  mall: "가맹점",
  some: (first: string, others: number) => (others > 0 ? `${first} 외 ${others}` : first),
  findMall: "가맹점 찾기",
  noMall: "찾는 가맹점이 없어요.",
  figures: "요약",
  outcomes,
  count: "승인 요청",
  approvalRate: "승인율",
  percentiles: { p50: "p50", p95: "p95", p99: "p99" },
  percentileHints: {
    p50: "절반이 이 안에 끝났어요",
    p95: "95%가 이 안에 끝났어요",
    p99: "99%가 이 안에 끝났어요",
  },
  slot: (seconds: number) =>
    seconds < 3_600
      ? `${seconds / 60}분 단위`
      : seconds < 86_400
        ? `${seconds / 3_600}시간 단위`
        : `${seconds / 86_400}일 단위`,
  charts: {
    percentiles: "응답 시간 백분위",
    percentilesUnit: (slot: string) => `VAN 응답, ${slot}`,
    rate: "승인율",
    rateUnit: (grouping: string, slot: string) => `${grouping}별 %, ${slot}`,
    throughput: "처리량",
    throughputUnit: (slot: string) => `결과별 건/분, ${slot}`,
    pick: "그래프를 누르면 그 시간의 결제를 보고, 옆으로 끌면 모든 그래프를 그 시간으로 확대해요. 두 번 누르면 되돌려요.",
  },
  grouping: "나누어 보기",
  groupings,
  per,
  busiest: (shown: number, total: number) => `건수가 많은 ${shown}개를 보여요. 모두 ${total}개예요.`,
  allVans: "전체",
  columns: { time: "시각", count: "건수", perMinute: "건/분", rate: "승인율" },
  perMinute: (value: string) => `${value}건/분`,
  seconds: (value: string) => `${value}초`,
  milliseconds: (value: string) => `${value} ms`,
  noPayments: "이 시간에는 결제가 없어요",
  empty: "이 기간에는 결제가 없어요",
  unzoom: "확대 되돌리기",
  widen: "기간을 7일로 넓히기",
  openPayments: (what: string) => `${what} 결제 보기`,
  error: "지연 시간을 불러오지 못했어요. 결제에는 영향이 없어요.",
  method: "백분위는 분마다 모은 분포를 더해서 계산해요. 오차는 10% 안이에요.",
};
