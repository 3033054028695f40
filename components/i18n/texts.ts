import { en } from "#components/i18n/en.ts";
import { ko } from "#components/i18n/ko.ts";
import type { Language } from "#components/i18n/language.ts";

export type Texts = typeof ko;

const catalogues: Readonly<Record<Language, Texts>> = { ko, en };

/** The catalogue of one language. */
export function textsOf(language: Language): Texts {
  return catalogues[language];
}
