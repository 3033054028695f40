"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Language } from "#components/i18n/language.ts";
import type { Texts } from "#components/i18n/texts.ts";

type Reading = Readonly<{ language: Language; texts: Texts }>;

const LanguageContext = createContext<Reading | null>(null);

/** Tells everything below which language the person reads, and its texts. */
export function LanguageProvider({ language, texts, children }: Reading & { children: ReactNode }) {
  return <LanguageContext value={{ language, texts }}>{children}</LanguageContext>;
}

function useReading(): Reading {
  const reading = useContext(LanguageContext);
  if (!reading) throw new Error("There are no texts outside <LoadTexts>.");
  return reading;
}

export function useLanguage(): Language {
  return useReading().language;
}

/** The texts of the person's language, in client components. */
export function useTexts(): Texts {
  return useReading().texts;
}
