"use client";

import type { ReactNode } from "react";
import { common } from "#components/i18n/en/common.ts";
import { navigation } from "#components/i18n/en/navigation.ts";
import { refusals } from "#components/i18n/en/refusals.ts";
import { LanguageProvider } from "#components/i18n/language-provider.tsx";

const texts = { common, navigation, refusals };

/** What every page says, in English; the other language stays on the server. */
export default function English({ children }: { children: ReactNode }) {
  return (
    <LanguageProvider language="en" texts={texts}>
      {children}
    </LanguageProvider>
  );
}
