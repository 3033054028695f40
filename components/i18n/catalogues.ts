import { en } from "#components/i18n/en.ts";
import { ko } from "#components/i18n/ko.ts";
import type { Language } from "#components/i18n/language.ts";
import type { Texts } from "#components/i18n/texts.ts";

const catalogues: Readonly<Record<Language, Texts>> = { ko, en };

/** The catalogue of one language, for the server, which has both. What runs in a browser has `useTexts`. */
export function textsOf(language: Language): Texts {
  return catalogues[language];
}
