import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Env } from "#server/platform/env.ts";

type Where = Pick<Env, "PAYDECK_EXPORT_DIR" | "PAYDECK_DATA_DIR">;

/** The folder of all exports, which web and worker share. */
export function exportRoot({ PAYDECK_EXPORT_DIR, PAYDECK_DATA_DIR }: Where): string {
  // The bundler would take a path that it can half guess for a folder of the source.
  const folder = PAYDECK_EXPORT_DIR ?? join(/* turbopackIgnore: true */ PAYDECK_DATA_DIR, "exports");
  return resolve(/* turbopackIgnore: true */ folder);
}

/** The folder of one export: its frozen rows and parts while it is made, and its file. All names in it are ours. */
export function exportFolder(env: Where, exportId: string): string {
  return join(/* turbopackIgnore: true */ exportRoot(env), exportId);
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Writes a file that is on the disk when this returns. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Empties a folder of all but one file. */
export async function keepOnly(folder: string, name: string): Promise<void> {
  for (const other of await readdir(folder))
    if (other !== name) await rm(join(folder, other), { force: true });
}

export async function deleteFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** True when an error says that nothing more fits on the disk. */
export function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
}
