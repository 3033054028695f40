"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Language } from "#components/i18n/language.ts";
import { type Texts, textsOf } from "#components/i18n/texts.ts";

const LanguageContext = createContext<Language>("ko");

/** Tells everything below which language the person reads. */
export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The texts of the person's language, in client components. */
export function useTexts(): Texts {
  return textsOf(useLanguage());
}
