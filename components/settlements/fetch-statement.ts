import type { Language } from "#components/i18n/language.ts";
import type { RefusalCode } from "#server/core/refusals.ts";

export type FetchedStatement =
  | Readonly<{ kind: "file"; file: Blob }>
  | Readonly<{
      kind: "refused";
      code: RefusalCode;
      message: Readonly<Record<Language, string>>;
      traceId: string;
    }>
  /** No whole answer: the connection broke, or something stood between. */
  | Readonly<{ kind: "unreachable" }>;

/** Fetches the statement of a settlement, so that a refusal is said where it was asked for and not in a file. */
export async function fetchStatement(settlementId: string, language: Language): Promise<FetchedStatement> {
  try {
    const response = await fetch(
      `/api/console/settlements/${encodeURIComponent(settlementId)}/statement?language=${language}`,
    );
    if (response.ok) return { kind: "file", file: await response.blob() };
    const { error } = (await response.json()) as {
      error: Omit<Extract<FetchedStatement, { kind: "refused" }>, "kind">;
    };
    return { kind: "refused", ...error };
  } catch {
    return { kind: "unreachable" };
  }
}

/** Hands a file to the browser, which keeps it where downloads go. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has its own hold on the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
