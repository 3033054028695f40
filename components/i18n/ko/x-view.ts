import type { IncidentKind } from "#server/incidents/incident.values.ts";
import type { XViewOperation, XViewOutcome } from "#server/x-view/x-view.values.ts";

const outcomes: Record<XViewOutcome, string> = {
  done: "성공",
  declined: "거절",
  failed: "VAN 오류",
  netCanceled: "망취소",
  unknown: "결과불명",
};

const operations: Record<XViewOperation, string> = { approval: "승인", cancel: "취소" };

const incidents: Record<IncidentKind, string> = {
  VAN_ORPHAN: "VAN에만 남은 승인",
  INVARIANT: "정합성 위반",
};

const number = (count: number) => count.toLocaleString("en-US");

export const xView = {
  title: "X-View",
  live: (count: number) => `실시간 · ${number(count)}건`,
  paused: (clock: string, count: number) => `${clock}에 멈춤 · ${number(count)}건`,
  lost: (clock: string) => `실시간 끊김 · ${clock} 기준`,
  connecting: "불러오고 있어요",
  reconnect: "다시 연결",
  window: "기간",
  minutes: (minutes: number) => `${minutes}분`,
  pause: "실시간 멈추기",
  resume: "실시간으로 돌아가기",
  outcomesLabel: "결과별로 보기",
  outcomes,
  filters: "조건",
  operation: "거래",
  operations,
  van: "VAN",
  mall: "가맹점",
  some: (first: string, others: number) => (others > 0 ? `${first} 외 ${others}` : first),
  findMall: "가맹점 찾기",
  noMall: "찾는 가맹점이 없어요.",
  inFlight: {
    title: "지금 승인중",
    total: (count: number) => `${number(count)}건`,
    bands: ["0–1초", "1–3초", "3–8초", "8초 초과"],
    band: (name: string, count: number) => `${name} ${number(count)}건`,
    none: "기다리는 승인이 없어요",
  },
  plot: {
    title: "응답 시간",
    help: "세로: 초 · 가로: 끝난 시각(KST) · 끌어서 선택",
    helpTouch: "세로: 초 · 가로: 끝난 시각(KST) · 옆으로 끌어서 선택",
    log: "로그 눈금",
    hold: "세로축 고정",
    lines: "백분위 선",
    zoomIn: "시간 확대",
    zoomOut: "시간 축소",
    earlier: "이전 시간으로",
    later: "다음 시간으로",
    follow: "지금으로",
    empty: "이 시간에는 끝난 거래가 없어요",
    emptyFiltered: "조건에 맞는 거래가 없어요",
    cut: (clock: string, max: number) =>
      `거래가 많아 ${clock}부터 끝난 ${number(max)}건만 보여요. 기간을 줄이면 모두 볼 수 있어요.`,
    summary: (from: string, to: string, count: number) =>
      `${from}부터 ${to}까지 끝난 거래 ${number(count)}건의 응답 시간 산점도.`,
    summaryTimes: (p50: string, p95: string, slowest: string) =>
      `절반은 ${p50}, 95%는 ${p95} 안에 끝났고 가장 느린 거래는 ${slowest} 걸렸어요.`,
    summaryTable: "고른 거래 표에서 같은 내용을 볼 수 있어요.",
    boxCount: (count: number) => `${number(count)}건`,
  },
  charts: {
    percentiles: "백분위",
    percentilesUnit: (slot: string) => `초, ${slot}`,
    throughput: "처리량",
    throughputUnit: (slot: string) => `결과별 건/분, ${slot}`,
    slot: (seconds: number) => (seconds < 60 ? `${seconds}초 단위` : `${seconds / 60}분 단위`),
    time: "시각",
    perMinute: (value: string) => `${value}건/분`,
    nothing: "이 시간에는 거래가 없어요",
  },
  picked: {
    title: "고른 거래",
    slowest: "느린 거래",
    slowestHelp: "보이는 시간에서 느린 순이에요. 그래프에서 끌거나 아래에 숫자를 넣어 골라요.",
    count: (count: number) => `${number(count)}건`,
    amount: "금액 합계",
    trouble: (count: number) => `${number(count)}건이 망취소했거나 결과를 모르거나 VAN 오류예요.`,
    troubleVan: (van: string) => `모두 ${van}예요.`,
    fine: "모두 결과가 확실해요.",
    from: "시작 시각",
    to: "끝 시각",
    min: "최소 응답 시간(초)",
    max: "최대 응답 시간(초)",
    noMax: "제한 없음",
    secondsUnit: "초",
    apply: "고르기",
    clear: "선택 해제",
    zoom: "여기만 확대",
    openList: (count: number) => `결제 내역에서 ${number(count)}건 보기`,
    openApprovals: (count: number) => `결제 내역에서 승인 ${number(count)}건 보기`,
    cancelsStay: (count: number) =>
      `취소 ${number(count)}건은 빠져요. 결제 내역에는 취소가 걸린 시간의 조건이 없어서 아래 목록에서만 볼 수 있어요.`,
    invalidTime: "시각은 14:21:00처럼 넣어 주세요.",
    reversed: "끝 시각이 시작보다 뒤여야 해요.",
    tooLong: "두 시간까지 고를 수 있어요.",
    invalidSeconds: "응답 시간은 0 이상의 초로 넣어 주세요.",
    reversedSeconds: "최대가 최소보다 커야 해요.",
    empty: "고른 구간에 거래가 없어요",
    emptyHelp: "구간을 넓히거나 결과 조건을 켜 보세요.",
    error: "거래를 불러오지 못했어요. 결제에는 영향이 없어요.",
    columns: { outcome: "결과", at: "끝난 시각", mall: "가맹점", seconds: "응답(초)" },
    open: (orderId: string) => `주문 ${orderId} 결제 보기`,
    listLabel: "고른 거래, 느린 순",
  },
  marks: {
    deploy: (roles: string) => `${roles} 시작`,
    roles: { web: "웹", worker: "워커" },
    incidents,
  },
  seconds: (value: string) => `${value}초`,
  error: "응답 시간을 불러오지 못했어요. 결제에는 영향이 없어요.",
};
