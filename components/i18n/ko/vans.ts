import type { CircuitState, MessageFailure } from "#server/van/domain/circuit.ts";
import type { VanOnBoard } from "#server/van/van-board-queries.ts";

const grouped = (count: number) => count.toLocaleString("en-US");

const states: Record<CircuitState, string> = { CLOSED: "닫힘", HALF_OPEN: "반열림", OPEN: "열림" };

const failures: Record<MessageFailure, string> = {
  refused: "연결 거부",
  connect_timeout: "연결 시간 초과",
  unreachable: "연결 실패",
  timeout: "무응답",
  reset: "연결 끊김",
  unreadable: "전문 해석 실패",
  mismatch: "응답 불일치",
  unknown_code: "모르는 응답 코드",
};

const protocols: Record<VanOnBoard["protocol"], string> = {
  HTTP_JSON: "JSON / HTTP",
  FIXED_LENGTH_TCP: "고정 길이 전문 / TCP",
};

export const vans = {
  title: "VAN",
  count: (count: number) => `${grouped(count)}곳`,
  live: (clock: string) => `실시간 · ${clock}`,
  states,
  failures,
  protocols,
  sandbox: "샌드박스",
  stopped: "새 승인 멈춤",
  circuit: "회로",
  notReported: "보고 없음",
  lamp: {
    CLOSED: "새 승인을 보내고 있어요.",
    HALF_OPEN: "VAN이 다시 답해요. 승인 몇 건을 먼저 보내 확인하고 있어요.",
    OPEN: (failure: string) => `${failure} 때문에 새 승인을 보내지 않아요.`,
    none: "이 VAN과 연결된 프로세스가 없어요.",
  },
  repairs: "취소, 망취소, 조회는 계속 보내요.",
  covered: "가맹점의 다른 VAN이 대신 받아요.",
  since: (clock: string) => `${clock}부터`,
  probeIn: (seconds: number) => (seconds > 0 ? `${seconds}초 뒤 다시 확인` : "지금 확인하고 있어요"),
  facts: {
    reachable: "연결",
    inFlight: "처리 중",
    lastAnswer: "마지막 응답",
    lastError: "마지막 오류",
  },
  reachable: "연결됨",
  unreachable: "끊김",
  inFlightMax: (max: number) => `프로세스마다 ${grouped(max)}까지`,
  recent: "최근 5분",
  recentRemark: "승인 요청 결과",
  recentError: "최근 결과를 불러오지 못했어요.",
  outcomes: { approved: "승인", declined: "거절", unknown: "결과불명", failed: "VAN 오류" },
  p95: "p95",
  processes: "프로세스",
  processesRemark: "회로는 프로세스마다 따로 판단해요",
  roles: { web: "웹", worker: "작업자" },
  columns: { process: "프로세스", circuit: "회로", inFlight: "처리 중", lastAnswer: "마지막 응답" },
  routes: "가맹점 비중",
  routesRemark: "이 VAN으로 보내는 몫",
  noRoutes: "이 VAN을 쓰는 가맹점이 없어요.",
  stop: {
    open: "새 승인 멈추기",
    title: (code: string) => `${code} 새 승인 멈추기`,
    submit: (code: string) => `${code} 새 승인 멈추기`,
    stops: "멈추는 것",
    stopsBody: "이 VAN으로 가는 새 승인. 1초 안에 모든 서버에서 멈춰요.",
    goesOn: "계속되는 것",
    goesOnBody: "이미 보낸 승인, 취소, 망취소, 조회. 다른 VAN의 새 승인.",
    instead: "대신",
    insteadBody: "가맹점의 다른 VAN으로 비중대로 보내요.",
    stranded: (malls: number, names: string) =>
      `가맹점 ${grouped(malls)}곳은 갈 수 있는 VAN이 없어서 승인을 받지 못해요: ${names}`,
    undo: "언제든 같은 자리에서 다시 받을 수 있어요.",
    done: (code: string) => `${code} 새 승인을 멈췄어요`,
    error: "멈추지 못했어요. 새 승인은 그대로 가고 있어요.",
    by: (name: string) => `${name} 님이 멈춤`,
  },
  resume: {
    open: "새 승인 다시 받기",
    title: (code: string) => `${code} 새 승인 다시 받기`,
    submit: (code: string) => `${code} 새 승인 다시 받기`,
    body: "가맹점의 비중대로 새 승인을 다시 보내요. 1초 안에 모든 서버에서 시작해요.",
    circuitOpen: "회로가 열려 있어요. VAN이 다시 답할 때까지 새 승인은 가지 않아요.",
    done: (code: string) => `${code} 새 승인을 다시 받아요`,
    error: "다시 받지 못했어요. 새 승인은 멈춰 있어요.",
  },
  reason: "사유",
  reasonHint: "감사 로그에 남아요",
  reasonPlaceholder: "예: VAN 점검 02:00–02:30",
  reasonMissing: "사유를 적어 주세요.",
  empty: "등록된 VAN이 없어요",
  emptyBody: "VAN을 등록하면 상태가 여기에 나와요.",
  error: "VAN 상태를 불러오지 못했어요. 결제에는 영향이 없어요.",
};
