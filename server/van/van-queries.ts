import type { Sql } from "#server/platform/db.ts";

/** What was agreed with one VAN. All durations are milliseconds. */
export type VanSettings = Readonly<{
  code: string;
  name: string;
  isSandbox: boolean;
  isEnabled: boolean;
  connectTimeoutMs: number;
  approveTimeoutMs: number;
  cancelTimeoutMs: number;
  netCancelTimeoutMs: number;
  inquiryTimeoutMs: number;
  leaseMs: number;
  netCancelDelaysMs: readonly number[];
  netCancelDeadlineMs: number;
  cancelDelaysMs: readonly number[];
  inquiryDelaysMs: readonly number[];
  processingWindowMs: number;
}>;

const freshForMs = 5_000;
type Cached = { at: number; settings: Map<string, VanSettings> };
const cache = new WeakMap<Sql, Cached>();

/** The settings of a VAN as they were at most five seconds ago. Throws when there is no such VAN: a payment names it, so that is a bug. */
export async function readVanSettings(sql: Sql, code: string): Promise<VanSettings> {
  const settings = (await readAllVanSettings(sql)).get(code);
  if (!settings) throw new Error(`VAN ${code} has no settings`);
  return settings;
}

/** The settings of all VANs, by code. */
export async function readAllVanSettings(sql: Sql): Promise<ReadonlyMap<string, VanSettings>> {
  const cached = cache.get(sql);
  if (cached && Date.now() - cached.at < freshForMs) return cached.settings;
  const rows = await sql.run<VanSettings>(
    {
      name: "van-settings",
      text: `SELECT code, name, is_sandbox AS "isSandbox", is_enabled AS "isEnabled", connect_timeout_ms AS "connectTimeoutMs",
          approve_timeout_ms AS "approveTimeoutMs", cancel_timeout_ms AS "cancelTimeoutMs", net_cancel_timeout_ms AS "netCancelTimeoutMs",
          inquiry_timeout_ms AS "inquiryTimeoutMs", lease_ms AS "leaseMs", net_cancel_delays_ms AS "netCancelDelaysMs",
          net_cancel_deadline_ms AS "netCancelDeadlineMs", cancel_delays_ms AS "cancelDelaysMs", inquiry_delays_ms AS "inquiryDelaysMs",
          processing_window_ms AS "processingWindowMs" FROM van`,
    },
    [],
  );
  const settings = new Map(rows.map((row) => [row.code, row]));
  cache.set(sql, { at: Date.now(), settings });
  return settings;
}
