/**
 * Runs a PostgreSQL and a Redis for development, migrated, until Ctrl-C:
 *
 *   node scripts/dev-services.ts <data directory> [--no-migrate]
 *
 * Prints `DATABASE_URL=…` and `REDIS_URL=…` and writes the same lines to `<data directory>/services.env`.
 */
import { resolve } from "node:path";
import { migrate } from "#scripts/db/migrate.ts";
import { startLocalServices } from "#scripts/services/local-services.ts";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import { exitWith, SetupError } from "#scripts/services/setup-error.ts";

try {
  const [directory, ...flags] = process.argv.slice(2);
  if (directory === undefined)
    throw new SetupError("Usage: node scripts/dev-services.ts <data directory> [--no-migrate]");
  const dataDir = resolve(directory);
  const services = await startLocalServices({
    dataDir,
    listener: { onNotice: (name, text) => console.log(`${name} ${text}`) },
    onProgress: (text) => console.log(`… ${text}`),
  });
  const stop = () => {
    services.stop().then(() => process.exit(0), exitWith);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (!flags.includes("--no-migrate")) {
    const applied = await migrate(services.databaseUrl);
    console.log(`… ${applied.length === 0 ? "no new migrations" : `migrated: ${applied.join(", ")}`}`);
  }
  const lines = `DATABASE_URL=${services.databaseUrl}\nREDIS_URL=${services.redisUrl}\n`;
  writeFileAtomic(resolve(dataDir, "services.env"), lines);
  console.log(lines);
  console.log("Ready. Ctrl-C stops both.");
} catch (error) {
  exitWith(error);
}
