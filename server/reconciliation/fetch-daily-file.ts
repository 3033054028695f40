import type { Env } from "#server/platform/env.ts";
import type { FileKind } from "#server/reconciliation/reconciliation.values.ts";
import { sandboxControlUrl } from "#server/van/sandbox-control.ts";

/** A file is made while it is asked for; a large one takes a while. */
const answerTimeoutMs = 60_000;

const folders = { VAN: "files", DEPOSIT: "deposits" } as const satisfies Record<FileKind, string>;

/** True for a VAN whose files we can fetch ourselves. Those of others are uploaded. */
export function hasFileSource(env: Env, vanCode: string): boolean {
  return sandboxControlUrl(env, vanCode) !== null;
}

export type FetchedFile =
  | Readonly<{ kind: "file"; bytes: AsyncIterable<Uint8Array> }>
  | Readonly<{ kind: "unreachable"; error: string }>;

/** Asks a VAN for the file of a business date and hands it on as it arrives; what breaks on the way is thrown where it is read. */
export async function fetchDailyFile(
  env: Env,
  { vanCode, businessDate, kind }: Readonly<{ vanCode: string; businessDate: string; kind: FileKind }>,
): Promise<FetchedFile> {
  const url = sandboxControlUrl(env, vanCode);
  if (!url) return { kind: "unreachable", error: `${vanCode} has no place to fetch files from` };
  try {
    const answer = await fetch(new URL(`/${folders[kind]}/${businessDate}`, url), {
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (!answer.ok || !answer.body)
      return { kind: "unreachable", error: `${vanCode} answered ${answer.status}` };
    return { kind: "file", bytes: answer.body };
  } catch (error) {
    return { kind: "unreachable", error: error instanceof Error ? error.message : String(error) };
  }
}
