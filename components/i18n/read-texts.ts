import { cookies } from "next/headers";
import { textsOf } from "#components/i18n/catalogues.ts";
import {
  type Language,
  languageCookie,
  readLanguage,
  readTheme,
  type Theme,
  themeCookie,
} from "#components/i18n/language.ts";
import type { Texts } from "#components/i18n/texts.ts";

/** The language and texts of the person asking, in server components and route handlers. */
export async function readTexts(): Promise<{ language: Language; texts: Texts }> {
  const language = readLanguage((await cookies()).get(languageCookie)?.value);
  return { language, texts: textsOf(language) };
}

/** The theme of the person asking, so that the first paint already has it. */
export async function readThemeChoice(): Promise<Theme> {
  return readTheme((await cookies()).get(themeCookie)?.value);
}
