import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFreePort, isPortFree } from "#scripts/services/free-port.ts";
import { SetupError } from "#scripts/services/setup-error.ts";

/** Generated once per data directory and kept in `secrets.json`, readable by its owner only. */
export type LocalSecrets = Readonly<{
  PAYDECK_SECRET: string;
  NEXTAUTH_SECRET: string;
  PAYDECK_METRICS_TOKEN: string;
  databaseAdminPassword: string;
  databasePassword: string;
  redisPassword: string;
}>;

const secretNames = [
  "PAYDECK_SECRET",
  "NEXTAUTH_SECRET",
  "PAYDECK_METRICS_TOKEN",
  "databaseAdminPassword",
  "databasePassword",
  "redisPassword",
] as const satisfies readonly (keyof LocalSecrets)[];

/** Writes a file completely or not at all, so that a kill in between leaves the old one readable. */
export function writeFileAtomic(path: string, text: string, mode = 0o600): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode });
  chmodSync(draft, mode);
  renameSync(draft, path);
}

function readJson(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: an unreadable file is reported the same way as one with the wrong shape.
  }
  throw new SetupError(`${path} is not valid JSON: restore it from a backup, or move it away to start anew.`);
}

/** Reads the data directory's secrets, generating those that do not exist yet. */
export function loadSecrets(dataDir: string): LocalSecrets {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "secrets.json");
  const known = readJson(path);
  const secrets = Object.fromEntries(
    secretNames.map((name) => {
      const value = known[name];
      return [
        name,
        typeof value === "string" && value !== "" ? value : randomBytes(32).toString("base64url"),
      ];
    }),
  ) as LocalSecrets;
  if (secretNames.some((name) => known[name] !== secrets[name])) {
    writeFileAtomic(path, `${JSON.stringify(secrets, null, 2)}\n`);
  }
  return secrets;
}

/**
 * Gives each named inner service a loopback port. A port is chosen once and kept in `state.json`,
 * so URLs survive a restart; it is chosen again only when another program has taken it meanwhile.
 */
export async function choosePorts<Name extends string>(
  dataDir: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "state.json");
  const state = readJson(path);
  const known = (state.ports ?? {}) as Record<string, number>;
  const taken = new Set<number>();
  const ports = {} as Record<Name, number>;
  for (const name of names) {
    const before = known[name];
    const keep = before !== undefined && !taken.has(before) && (await isPortFree(before));
    const port = keep ? before : await findFreePort(taken);
    taken.add(port);
    ports[name] = port;
  }
  writeFileAtomic(path, `${JSON.stringify({ ...state, ports: { ...known, ...ports } }, null, 2)}\n`);
  return ports;
}
