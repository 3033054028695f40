"use client";

import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import type { Language } from "#components/i18n/language.ts";

const packs = {
  ko: dynamic(() => import("#components/i18n/packs/ko.tsx")),
  en: dynamic(() => import("#components/i18n/packs/en.tsx")),
} satisfies Record<Language, unknown>;

/** Gives everything below the texts of one language; a browser loads that one alone. */
export function LoadTexts({ language, children }: { language: Language; children: ReactNode }) {
  const Pack = packs[language];
  return <Pack>{children}</Pack>;
}
