/**
 * The two sandbox VANs with their timeouts and schedules compressed: a net cancel that is never answered is a
 * dead letter within two minutes, so that a person can watch it happen. Durations are milliseconds.
 */
export const demoVans = [
  { code: "SBX1", name: "샌드박스 VAN 1 (HTTP)", protocol: "HTTP_JSON" },
  { code: "SBX2", name: "샌드박스 VAN 2 (전문)", protocol: "FIXED_LENGTH_TCP" },
] as const;

export type DemoVanCode = (typeof demoVans)[number]["code"];

export const demoVanSettings = {
  connectTimeoutMs: 1_000,
  approveTimeoutMs: 4_000,
  cancelTimeoutMs: 4_000,
  netCancelTimeoutMs: 2_000,
  inquiryTimeoutMs: 2_000,
  leaseMs: 20_000,
  netCancelDelaysMs: [2_000, 4_000, 8_000, 12_000, 16_000, 20_000],
  netCancelDeadlineMs: 3_600_000,
  cancelDelaysMs: [2_000, 4_000, 8_000, 12_000, 16_000],
  inquiryDelaysMs: [10_000, 60_000],
  processingWindowMs: 15_000,
} as const;

/** BINs of the demo's buyers; none is of a test card. */
export const demoBins = [
  "451842",
  "433012",
  "944203",
  "540926",
  "527289",
  "411904",
  "356316",
  "404825",
  "949013",
  "490220",
  "541333",
  "625804",
  "457973",
  "546252",
  "436420",
  "515594",
] as const;
