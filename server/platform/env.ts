import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65535);
const secret = z.string().min(32, "must be at least 32 characters");
const connections = z.coerce.number().int().min(1).max(1_000);
const flag = z.enum(["0", "1"]).transform((value) => value === "1");

/** Every setting of the platform, one environment variable each; `.env.example` lists the same names. */
const envSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// address" }),
  PORT: port.default(3000),
  PAYDECK_HOST: z.string().default("127.0.0.1"),
  PAYDECK_BASE_URL: z.url().default("http://127.0.0.1:3000"),
  PAYDECK_DATA_DIR: z.string().default(".data"),
  PAYDECK_EXPORT_DIR: z.string().optional(),
  PAYDECK_COMPANY_NAME: z.string().trim().min(1).max(60).default("Paydeck"),
  PAYDECK_COMPANY_BUSINESS_NUMBER: z
    .string()
    .regex(/^\d{3}-\d{2}-\d{5}$/, "must look like 123-45-67890")
    .optional(),
  PAYDECK_COMPANY_CONTACT: z.string().trim().min(1).max(80).optional(),
  PAYDECK_ROLE: z.enum(["api", "console", "worker", "all"]).default("all"),
  PAYDECK_MONEY_CONNECTIONS: connections.default(10),
  PAYDECK_WORKER_CONNECTIONS: connections.default(6),
  PAYDECK_CONSOLE_CONNECTIONS: connections.default(5),
  PAYDECK_REPORT_CONNECTIONS: connections.default(3),
  PAYDECK_BATCH_CONNECTIONS: connections.default(3),
  PAYDECK_APPROVALS_IN_FLIGHT_MAX: z.coerce.number().int().min(1).max(100_000).default(512),
  PAYDECK_DRAIN_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(2_000),
  PAYDECK_DRAIN_MAX_MS: z.coerce.number().int().min(0).max(600_000).default(45_000),
  PAYDECK_DEMO: flag.default(false),
  PAYDECK_DEMO_TRAFFIC: flag.default(true),
  PAYDECK_SECRET: secret,
  PAYDECK_METRICS_TOKEN: z.string().min(16, "must be at least 16 characters"),
  NEXTAUTH_SECRET: secret,
  NEXTAUTH_URL: z.url().optional(),
  WEBHOOK_ALLOW_HOSTS: z
    .string()
    .default("")
    .transform((list) =>
      list
        .split(",")
        .map((host) => host.trim())
        .filter(Boolean),
    ),
  VAN_SBX1_URL: z.url({ protocol: /^http$/, error: "must be an http:// address" }).optional(),
  VAN_SBX2_URL: z.url({ protocol: /^tcp$/, error: "must be a tcp:// address" }).optional(),
  VAN_SBX1_CONTROL_URL: z.url().optional(),
  VAN_SBX2_CONTROL_URL: z.url().optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
});

export type Env = z.infer<typeof envSchema>;
export const settingNames = Object.keys(envSchema.shape);

/** A setting that cannot be used. `lines` has one sentence per mistake. */
export class BrokenSettings extends Error {
  override readonly name = "BrokenSettings";
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** Reads and checks all settings. Throws `BrokenSettings` with one clear line per mistake; values are never printed. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(
    Object.entries(source).filter(([name, value]) => settingNames.includes(name) && value !== ""),
  );
  const read = envSchema.safeParse(given);
  if (read.success) return read.data;
  throw new BrokenSettings(
    read.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return given[name] === undefined
        ? `${name} is not set; see .env.example.`
        : `${name} ${issue.message}; see .env.example.`;
    }),
  );
}
