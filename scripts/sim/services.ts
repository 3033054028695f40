import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareSimTemplate } from "#scripts/sim/sim-database.ts";
import { generatePrismaClient } from "#scripts/supervisor/prepare-code.ts";
import { startTestServices } from "#scripts/testing/test-services.ts";

const root = join(import.meta.dirname, "../..");

/** Runs `work` beside a PostgreSQL of its own that holds the template of simulated worlds, and removes all of it after. */
export async function withSimServices<T>(work: (templateUrl: string) => Promise<T>): Promise<T> {
  await generatePrismaClient(root);
  const dataDir = await mkdtemp(join(tmpdir(), "paydeck-sim-"));
  const services = await startTestServices(dataDir);
  const stop = async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  let isStopping = false;
  const stopBySignal = () => {
    isStopping = true;
    void stop().then(() => process.exit(130));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stopBySignal);
  try {
    await prepareSimTemplate(services.templateUrl);
    return await work(services.templateUrl);
  } catch (error) {
    // What was cut off by the stop is no news.
    if (isStopping) await new Promise(() => undefined);
    throw error;
  } finally {
    await stop();
  }
}
