import type { IncidentKind, IncidentSeverity } from "#server/incidents/incident.values.ts";

const grouped = (count: number) => count.toLocaleString("en-US");

const kinds: Record<IncidentKind, string> = { VAN_ORPHAN: "늦은 승인 발견", INVARIANT: "규칙 위반" };
const severities: Record<IncidentSeverity, string> = { page: "지금 확인", ticket: "오늘 안에" };

export const integrity = {
  title: "정합성",
  live: (clock: string) => `실시간 · ${clock}`,
  ago: {
    seconds: (seconds: number) => `${seconds}초 전`,
    minutes: (minutes: number) => `${grouped(minutes)}분 전`,
    hours: (hours: number) => `${grouped(hours)}시간 전`,
    days: (days: number) => `${grouped(days)}일 전`,
  },
  age: {
    seconds: (seconds: number) => `${seconds}초`,
    minutes: (minutes: number) => `${grouped(minutes)}분`,
    hours: (hours: number) => `${grouped(hours)}시간`,
    days: (days: number) => `${grouped(days)}일`,
  },
  verdict: {
    holds: (rules: number) => `규칙 ${grouped(rules)}개가 모두 지켜지고 있어요`,
    broken: (rules: number, violations: number) =>
      `규칙 ${grouped(rules)}개가 깨졌어요. 위반 ${grouped(violations)}건`,
    ofRule: (name: string, violations: number) => `${name} ${grouped(violations)}건`,
    none: "아직 검사하지 않았어요",
    noneBody: "작업 프로세스가 뜨면 곧 첫 검사를 시작해요.",
    stalled: "검사가 멈춰 있어요",
    stalledBody: (ago: string) => `마지막 검사가 ${ago}예요. 작업 프로세스가 돌고 있는지 확인해 주세요.`,
    failed: "마지막 검사가 끝나지 못했어요",
    failedBody: (error: string) => `까닭: ${error}`,
    last: (payments: number, ago: string) =>
      `최근 검사 ${ago} · 바뀐 결제와 돌아가며 보는 결제 ${grouped(payments)}건`,
    full: (payments: number, ago: string) => `전체 검사 ${ago} · 결제 ${grouped(payments)}건`,
  },
  check: {
    button: "지금 검사",
    waiting: "검사를 기다리고 있어요",
    running: "전체 검사 중",
    progress: (checked: number, total: number) => `${grouped(total)}건 가운데 ${grouped(checked)}건`,
    rest: "VAN과 남은 규칙을 확인하고 있어요",
    requested: "전체 검사를 요청했어요",
    error: "검사를 요청하지 못했어요. 결제에는 영향이 없어요.",
  },
  rules: {
    title: "규칙",
    remark: "바뀐 결제는 1분마다, 전체는 매일 새벽 4시에 봐요.",
    caption: (count: number) => `지켜야 할 규칙 ${grouped(count)}개`,
    columns: {
      rule: "규칙",
      state: "상태",
      violations: "위반",
      checked: "마지막 검사",
      duration: "걸린 시간",
      history: "최근 60회",
    },
    states: { holds: "지켜짐", broken: "깨짐", unknown: "검사 전" },
    parked: (count: number) => `데드레터 ${grouped(count)}건은 따로`,
    open: (name: string) => `${name} 자세히 보기`,
    history: (runs: number, broken: number, failed: number) =>
      runs === 0
        ? "검사 기록이 없어요"
        : `최근 ${grouped(runs)}회 검사: 위반 ${grouped(broken)}회${failed > 0 ? `, 끝나지 못한 검사 ${grouped(failed)}회` : ""}`,
  },
  detail: {
    promise: "지켜야 할 것",
    whatToDo: "깨졌을 때 할 일",
    examined: (count: number) => `이번에 본 것 ${grouped(count)}건`,
    findings: "위반",
    cleared: "사라진 위반",
    noFindings: "위반이 없어요",
    noFindingsBody: (clock: string) => `마지막 검사 ${clock}`,
    expected: "기대한 값",
    found: "실제 값",
    firstSeen: "처음 봄",
    lastSeen: "마지막으로 봄",
    clearedAt: "사라짐",
    openPayment: (orderId: string) => `${orderId} 결제 보기`,
    deadLetters: "데드레터 보기",
    error: "위반을 불러오지 못했어요. 결제에는 영향이 없어요.",
  },
  incidents: {
    title: "사건",
    remark: "원인이 사라지면 스스로 닫혀요.",
    caption: (count: number) => `사건, 열린 것 ${grouped(count)}건`,
    open: (count: number) => `열린 것 ${grouped(count)}건`,
    shown: (shown: number, count: number) => `열린 것 ${grouped(count)}건 가운데 ${grouped(shown)}건`,
    columns: { what: "무엇", payment: "결제", opened: "열린 시각", state: "상태", action: "할 일" },
    kinds,
    severities,
    states: { open: "열림", seen: "확인함", closed: "닫힘" },
    strangers: "VAN 파일에만 있는 승인",
    strangersOf: (count: number, amount: string) => `우리 기록에 없는 승인 ${grouped(count)}건, ${amount}`,
    toDay: (date: string, van: string) => `${date} ${van} 대사`,
    how: {
      cleared: "위반이 사라졌어요",
      reversed: "VAN에서 취소했어요",
      explained: "대사에서 설명했어요",
    } as Record<string, string>,
    seenBy: (name: string, clock: string) => `${name} · ${clock}`,
    acknowledge: "확인",
    acknowledgeOf: (what: string) => `${what} 확인`,
    none: "열린 사건이 없어요",
    noneBody: "규칙이 깨지거나 늦은 승인이 발견되면 여기에 나타나요.",
    error: "사건을 불러오지 못했어요. 결제에는 영향이 없어요.",
  },
  acknowledge: {
    title: "사건 확인",
    lead: "내가 보고 있다는 것을 남겨요. 사건은 원인이 사라질 때까지 열려 있어요.",
    note: "메모",
    noteHint: "필수",
    notePlaceholder: "무엇을 알아냈고 무엇을 할지 적어 주세요",
    noteMissing: "메모를 적어 주세요.",
    send: "확인 남기기",
    done: "확인을 남겼어요",
    error: "확인을 남기지 못했어요",
  },
  orphans: {
    title: "늦은 승인",
    remark: "끝난 결제의 돈이 VAN에 남아 있던 것이에요. 자동으로 취소해요.",
    caption: (count: number) => `늦은 승인, 열린 것 ${grouped(count)}건`,
    columns: {
      payment: "결제",
      van: "VAN",
      amount: "금액(원)",
      source: "찾은 방법",
      state: "상태",
      age: "지난 시간",
    },
    sources: { late_response: "늦은 응답", inquiry: "조회", van_file: "VAN 대사 파일" } as Record<
      string,
      string
    >,
    states: { OPEN: "취소하는 중", REVERSED: "취소함", MANUAL: "사람이 처리" } as Record<string, string>,
    exchange: "전문",
    exchangeOf: (orderId: string) => `${orderId} 전문 보기`,
    none: "늦은 승인이 없어요",
    noneBody: "망취소한 결제의 돈이 VAN에서 다시 발견되면 여기에 나타나요.",
    error: "늦은 승인을 불러오지 못했어요. 결제에는 영향이 없어요.",
  },
  error: "정합성 검사 결과를 불러오지 못했어요. 결제에는 영향이 없어요.",
};
