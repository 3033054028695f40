import { mkdirSync, statfsSync } from "node:fs";
import { runCommand } from "#scripts/services/run-command.ts";

/** A directory on a file system of its own that can be made full without filling the machine's memory. */
export type SmallDisk = Readonly<{
  path: string;
  /** Leaves no room; what is written stays. */
  fill(): Promise<void>;
  /** Gives the room back. */
  free(): Promise<void>;
  unmount(): Promise<void>;
}>;

/** Mounts a tmpfs at `path`; undefined where this user may not, which is told by `whyNot`. */
export async function mountSmallDisk(
  path: string,
  sizeMb: number,
): Promise<SmallDisk | Readonly<{ whyNot: string }>> {
  if (process.platform !== "linux") return { whyNot: "no tmpfs on this system" };
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const mounted = await runCommand("mount", [
    "-t",
    "tmpfs",
    "-o",
    `size=${sizeMb}m,mode=0700`,
    "tmpfs",
    path,
  ]);
  if (mounted.code !== 0) return { whyNot: "this user may not mount a tmpfs" };
  const resize = async (size: string) => {
    const { code, stderr } = await runCommand("mount", ["-o", `remount,size=${size}`, path]);
    if (code !== 0) throw new Error(`${path} could not be resized: ${stderr.trim()}`);
  };
  const disk: SmallDisk = {
    path,
    async fill() {
      const { blocks, bfree, bsize } = statfsSync(path);
      await resize(`${Math.ceil(((blocks - bfree) * bsize) / 1024)}k`);
    },
    free: () => resize(`${sizeMb}m`),
    async unmount() {
      await runCommand("umount", ["-l", path]);
    },
  };
  // Some sandboxes allow the first mount and no change to it.
  try {
    await disk.free();
    return disk;
  } catch {
    await disk.unmount();
    return { whyNot: "a mounted tmpfs may not be resized here" };
  }
}
