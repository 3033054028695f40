import type { latency as ko } from "#components/i18n/ko/latency.ts";

export const latency: typeof ko = {
  title: "Latency",
  live: (clock) => `Live · until ${clock}`,
  fixed: (range) => range,
  stalled: (clock) => `Counting is behind · until ${clock}`,
  period: "Period",
  periods: { "30m": "30 min", "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d", "30d": "30 d" },
  custom: "Custom",
  customFrom: "From",
  customTo: "To",
  customMissing: "Choose both ends.",
  customReversed: "The end must come after the start.",
  customTooLong: (days) => `At most ${days} days can be shown.`,
  filters: "Filters",
  van: "VAN",
  mall: "Mall",
  some: (first, others) => (others > 0 ? `${first} and ${others} more` : first),
  findMall: "Find a mall",
  noMall: "No mall of that name.",
  figures: "Summary",
  outcomes: { approved: "Approved", declined: "Declined", unknown: "Result unknown", failed: "VAN error" },
  count: "Approval requests",
  approvalRate: "Approval rate",
  percentiles: { p50: "p50", p95: "p95", p99: "p99" },
  percentileHints: {
    p50: "half ended within this",
    p95: "95% ended within this",
    p99: "99% ended within this",
  },
  slot: (seconds) =>
    seconds < 3_600
      ? `every ${seconds / 60} min`
      : seconds < 86_400
        ? `every ${seconds / 3_600} h`
        : `every ${seconds / 86_400} d`,
  charts: {
    percentiles: "Response time percentiles",
    percentilesUnit: (slot) => `VAN response, ${slot}`,
    rate: "Approval rate",
    rateUnit: (slot) => `% per VAN, ${slot}`,
    throughput: "Throughput",
    throughputUnit: (slot) => `payments a minute by outcome, ${slot}`,
    pick: "Click a chart to see the payments of that time.",
  },
  vans: "Per VAN",
  allVans: "All",
  columns: { time: "Time", van: "VAN", count: "Count", perMinute: "Per min", rate: "Approval rate" },
  perMinute: (value) => `${value} a minute`,
  seconds: (value) => `${value} s`,
  milliseconds: (value) => `${value} ms`,
  noPayments: "No payments at this time",
  empty: "No payments in this period",
  widen: "Widen to 7 days",
  openPayments: (what) => `Payments: ${what}`,
  error: "The latency could not be loaded. Payments are not affected.",
  method: "Percentiles come from the distributions of each minute, added up. They are within 10%.",
};
