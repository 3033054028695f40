"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Language } from "#components/i18n/language.ts";
import type { AreaTexts, FrameTexts, Texts } from "#components/i18n/texts.ts";

type Reading = Readonly<{ language: Language; texts: FrameTexts & Partial<AreaTexts> }>;

const LanguageContext = createContext<Reading | null>(null);

/** Tells everything below which language the person reads, and the texts that every page has. */
export function LanguageProvider({
  language,
  texts,
  children,
}: {
  language: Language;
  texts: FrameTexts;
  children: ReactNode;
}) {
  const reading = useMemo(() => ({ language, texts }), [language, texts]);
  return <LanguageContext value={reading}>{children}</LanguageContext>;
}

/** Adds the texts of an area to those that everything below already has. */
export function AreaProvider({ texts, children }: { texts: Partial<AreaTexts>; children: ReactNode }) {
  const outer = useReading();
  const reading = useMemo(() => ({ ...outer, texts: { ...outer.texts, ...texts } }), [outer, texts]);
  return <LanguageContext value={reading}>{children}</LanguageContext>;
}

function useReading(): Reading {
  const reading = useContext(LanguageContext);
  if (!reading) throw new Error("There are no texts outside <LoadTexts>.");
  return reading;
}

export function useLanguage(): Language {
  return useReading().language;
}

/**
 * The texts of the person's language, in client components. Every area is in the type; those that are there are what the
 * page's `<LoadAreaTexts>` names, which a test holds against what its components use.
 */
export function useTexts(): Texts {
  return useReading().texts as Texts;
}
