import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const isTest = /\.(test|itest|spec)\.tsx?$/;

/**
 * A hash over files and folders (tests left out): the same inputs give the same hash, whatever
 * their dates. Paths are relative to `root`; one that does not exist counts as such.
 */
export function hashSources(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) addToHash(hash, root, path);
  return hash.digest("hex");
}

function addToHash(hash: ReturnType<typeof createHash>, root: string, path: string): void {
  const full = join(root, path);
  if (!existsSync(full) || isTest.test(path)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) addToHash(hash, root, join(path, name));
    return;
  }
  hash.update(`${path}\0`).update(readFileSync(full)).update("\0");
}
