import { existsSync, statfsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findFreePort, isPortFree } from "#scripts/services/free-port.ts";
import type { LocalSecrets } from "#scripts/services/local-state.ts";
import type { Environment } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { BrokenSettings, readEnv } from "#server/platform/env.ts";

const leastFreeBytes = 500 * 1024 * 1024;

export type VanPorts = Record<"vanSbx1" | "vanSbx1Control" | "vanSbx2" | "vanSbx2Control", number>;

export type Settings = Readonly<{
  root: string;
  dataDir: string;
  port: number;
  host: string;
  baseUrl: string;
  isDev: boolean;
}>;

/** Reads `.env` at the root (the real environment wins) and the settings that the supervisor itself needs. */
export async function readSettings(root: string, isDev: boolean): Promise<Settings> {
  const envFile = join(root, ".env");
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const wanted = Number(process.env.PORT || 3000);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
    throw new SetupError(
      `PORT must be a number from 0 (any free port) to 65535; it is "${process.env.PORT}".`,
    );
  }
  const port = wanted === 0 ? await findFreePort() : wanted;
  const host = process.env.PAYDECK_HOST || "127.0.0.1";
  return {
    root,
    isDev,
    port,
    host,
    dataDir: resolve(root, process.env.PAYDECK_DATA_DIR || ".data"),
    baseUrl: process.env.PAYDECK_BASE_URL || `http://127.0.0.1:${port}`,
  };
}

/** Refuses a start that could only fail later: a port that is taken, a disk that is nearly full. */
export async function checkMachine({ port, host, dataDir }: Settings): Promise<void> {
  if (!(await isPortFree(port, host))) {
    throw new SetupError(
      `Port ${port} on ${host} is taken or not allowed: stop the program that uses it, or choose another: PORT=${port + 1} npm start`,
    );
  }
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize < leastFreeBytes) {
    const freeMb = Math.floor((bavail * bsize) / 1024 / 1024);
    throw new SetupError(
      `Only ${freeMb} MB are free where ${dataDir} lives: free at least 500 MB, or move the data with PAYDECK_DATA_DIR.`,
    );
  }
}

/**
 * The environment of every child: what the user set, completed with what the supervisor knows.
 * Refuses with one line per mistake when a setting is broken.
 */
export function childEnvironment(
  settings: Settings,
  services: Readonly<{ databaseUrl: string; redisUrl: string; isEmbedded: boolean }>,
  secrets: LocalSecrets,
  ports: VanPorts,
): Environment {
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const isDemo = (given.PAYDECK_DEMO ?? (services.isEmbedded ? "1" : "0")) === "1";
  const env: Environment = {
    PAYDECK_DEMO: isDemo ? "1" : "0",
    PAYDECK_DEMO_TRAFFIC: "1",
    PAYDECK_SECRET: secrets.PAYDECK_SECRET,
    PAYDECK_METRICS_TOKEN: secrets.PAYDECK_METRICS_TOKEN,
    NEXTAUTH_SECRET: secrets.NEXTAUTH_SECRET,
    NEXTAUTH_URL: settings.baseUrl,
    PAYDECK_ROLE: "all",
    // While one develops nobody balances, and each saved file is a restart.
    ...(settings.isDev ? { PAYDECK_DRAIN_DELAY_MS: "0" } : {}),
    ...(isDemo
      ? {
          WEBHOOK_ALLOW_HOSTS: "127.0.0.1,localhost",
          PAYDECK_COMPANY_BUSINESS_NUMBER: "000-80-00001",
          PAYDECK_COMPANY_CONTACT: "settlement@paydeck.example",
        }
      : {}),
    ...(given.VAN_SBX1_URL === undefined
      ? {
          VAN_SBX1_URL: `http://127.0.0.1:${ports.vanSbx1}`,
          VAN_SBX1_CONTROL_URL: `http://127.0.0.1:${ports.vanSbx1Control}`,
        }
      : {}),
    ...(given.VAN_SBX2_URL === undefined
      ? {
          VAN_SBX2_URL: `tcp://127.0.0.1:${ports.vanSbx2}`,
          VAN_SBX2_CONTROL_URL: `http://127.0.0.1:${ports.vanSbx2Control}`,
        }
      : {}),
    ...given,
    NODE_ENV: settings.isDev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    PORT: String(settings.port),
    PAYDECK_HOST: settings.host,
    PAYDECK_BASE_URL: settings.baseUrl,
    PAYDECK_DATA_DIR: settings.dataDir,
  };
  try {
    readEnv(env);
  } catch (error) {
    if (error instanceof BrokenSettings) throw new SetupError(error.lines.join("\n✗ "));
    throw error;
  }
  return env;
}
