import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  embeddedPostgres,
  ensureDatabase,
  stopLeftoverPostgres,
} from "#scripts/services/embedded-postgres.ts";
import { embeddedRedis, stopLeftoverRedis } from "#scripts/services/embedded-redis.ts";
import { choosePorts, loadSecrets } from "#scripts/services/local-state.ts";
import { type ProcessListener, SupervisedProcess } from "#scripts/supervisor/supervised-process.ts";

/** Where a Redis fetched from the distribution is kept: one copy per clone, whatever the data directory. */
const toolsDir = join(import.meta.dirname, "../../node_modules/.cache/paydeck");

export type LocalServices = Readonly<{
  databaseUrl: string;
  redisUrl: string;
  /** The embedded servers that were started, in start order; empty when both URLs were given. */
  processes: readonly SupervisedProcess[];
  /** Stops what was started here. */
  stop: () => Promise<void>;
}>;

/**
 * Starts an embedded PostgreSQL and Redis below `dataDir`, each unless its URL is given, and waits
 * until both answer. A data directory belongs to one supervisor at a time.
 */
export async function startLocalServices(
  options: Readonly<{
    dataDir: string;
    databaseUrl?: string;
    redisUrl?: string;
    durable?: boolean;
    listener: ProcessListener;
    onProgress?: (text: string) => void;
    /** Told about each server before it starts, for a caller that must be able to stop it meanwhile. */
    onStarted?: (service: SupervisedProcess) => void;
  }>,
): Promise<LocalServices> {
  const { dataDir, listener } = options;
  mkdirSync(dataDir, { recursive: true });
  await Promise.all([stopLeftoverPostgres(dataDir), stopLeftoverRedis(dataDir)]);
  const secrets = loadSecrets(dataDir);
  const ports = await choosePorts(dataDir, ["postgres", "redis"]);
  const started: SupervisedProcess[] = [];
  const stop = async () => {
    for (const service of started.toReversed()) await service.stop();
  };

  try {
    let { databaseUrl, redisUrl } = options;
    if (databaseUrl === undefined) {
      const postgresOptions = {
        dataDir,
        port: ports.postgres,
        adminPassword: secrets.databaseAdminPassword,
        password: secrets.databasePassword,
        logPath: join(dataDir, "logs/postgres.log"),
        durable: options.durable,
      };
      options.onProgress?.("starting PostgreSQL");
      const postgres = await embeddedPostgres(postgresOptions);
      const service = new SupervisedProcess(postgres.spec, listener);
      started.push(service);
      options.onStarted?.(service);
      await service.start();
      await ensureDatabase(postgresOptions);
      databaseUrl = postgres.url;
    }
    if (redisUrl === undefined) {
      options.onProgress?.("starting Redis");
      const redis = await embeddedRedis({
        dataDir,
        port: ports.redis,
        password: secrets.redisPassword,
        logPath: join(dataDir, "logs/redis.log"),
        toolsDir,
        onProgress: options.onProgress,
      });
      const service = new SupervisedProcess(redis.spec, listener);
      started.push(service);
      options.onStarted?.(service);
      await service.start();
      redisUrl = redis.url;
    }
    return { databaseUrl, redisUrl, processes: started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
