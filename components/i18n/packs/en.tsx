"use client";

import type { ReactNode } from "react";
import { en } from "#components/i18n/en.ts";
import { LanguageProvider } from "#components/i18n/language-provider.tsx";

/** Everything below in English; the other language stays on the server. */
export default function English({ children }: { children: ReactNode }) {
  return (
    <LanguageProvider language="en" texts={en}>
      {children}
    </LanguageProvider>
  );
}
