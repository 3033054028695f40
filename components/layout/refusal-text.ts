import { TRPCClientError } from "@trpc/client";
import type { Language } from "#components/i18n/language.ts";
import type { Texts } from "#components/i18n/texts.ts";
import type { ScreenRefusal } from "#server/trpc/init.ts";
import type { AppRouter } from "#server/trpc/root.ts";

/** What the server refused, or null when it did not answer at all. */
export function refusalOf(error: unknown): ScreenRefusal | null {
  if (!(error instanceof TRPCClientError)) return null;
  return (error as TRPCClientError<AppRouter>).data?.refusal ?? null;
}

/** The sentence for a person: the console's own where the catalogue has one, else the table's; no answer at all has one too. */
export function refusalText(error: unknown, language: Language, texts: Texts): string {
  const refusal = refusalOf(error);
  if (!refusal) return texts.common.errors.unreachable;
  return texts.refusals[refusal.code] ?? refusal.message[language];
}
