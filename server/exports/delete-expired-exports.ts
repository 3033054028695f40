import { readdir } from "node:fs/promises";
import { deleteFolder, exportFolder, exportRoot } from "#server/exports/export-folder.ts";
import { findDeletable, findKnownExports, markDeleted } from "#server/exports/export-repository.ts";
import type { Context } from "#server/platform/context.ts";

const exportsMax = 20;
const idForm = /^exp_[0-9A-Z]{26}$/;

/**
 * Deletes files that are a day old, what cancelled and failed exports left, and folders of exports that the database does
 * not know (it was restored, or is another). The row stays: who took what, and why. Returns how many folders went.
 */
export async function deleteExpiredExports(ctx: Pick<Context, "sql" | "env" | "now">): Promise<number> {
  const ended = await findDeletable(ctx.sql, ctx.now(), exportsMax);
  for (const id of ended) {
    await deleteFolder(exportFolder(ctx.env, id));
    await markDeleted(ctx.sql, id, ctx.now());
  }
  const strangers = await findStrangers(ctx);
  for (const id of strangers) await deleteFolder(exportFolder(ctx.env, id));
  return ended.length + strangers.length;
}

async function findStrangers(ctx: Pick<Context, "sql" | "env">): Promise<string[]> {
  const names = await readdir(exportRoot(ctx.env)).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  });
  const ids = names.filter((name) => idForm.test(name));
  if (ids.length === 0) return [];
  const known = await findKnownExports(ctx.sql, ids);
  return ids.filter((id) => !known.has(id));
}
