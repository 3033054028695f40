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

/** The kill switch is in force everywhere within this time. */
const freshForMs = 1_000;
/** From this age on the settings are read anew beside the payments, so that a busy process never waits for them. */
const renewAfterMs = 500;

type Settings = ReadonlyMap<string, VanSettings>;
type Cached = { readAtMs: number; settings: Settings; renewing: Promise<Settings> | null };
const cache = new WeakMap<Sql, Cached>();

/** The settings of a VAN as they were at most a second ago. Throws when there is no such VAN: a payment names it, so that is a bug. */
export async function readVanSettings(sql: Sql, code: string): Promise<VanSettings> {
  const settings = (await readAllVanSettings(sql)).get(code);
  if (!settings) throw new Error(`VAN ${code} has no settings`);
  return settings;
}

/** The settings of all VANs as they were at most a second ago, by code. */
export async function readAllVanSettings(sql: Sql): Promise<Settings> {
  const cached = cache.get(sql);
  if (!cached) return renew(sql);
  const ageMs = performance.now() - cached.readAtMs;
  if (ageMs >= freshForMs) return renew(sql, cached);
  // Who asks when they are too old waits for this reading or the next, and hears of its error.
  if (ageMs >= renewAfterMs) renew(sql, cached).catch(() => undefined);
  return cached.settings;
}

/** The next reader asks the database: something was changed here. */
export function forgetVanSettings(sql: Sql): void {
  cache.delete(sql);
}

/** Reads all settings; who asks while that is under way shares it. */
function renew(sql: Sql, cached?: Cached): Promise<Settings> {
  if (cached && cached.renewing !== null) return cached.renewing;
  // As of the moment of asking: the answer may have waited for a connection.
  const readAtMs = performance.now();
  const reading = load(sql).then((settings) => {
    if (!cached || cache.get(sql) === cached) cache.set(sql, { readAtMs, settings, renewing: null });
    return settings;
  });
  if (cached) {
    cached.renewing = reading;
    reading.catch(() => {
      cached.renewing = null;
    });
  }
  return reading;
}

async function load(sql: Sql): Promise<Settings> {
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
  return new Map(rows.map((row) => [row.code, row]));
}
