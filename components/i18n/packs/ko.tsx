"use client";

import type { ReactNode } from "react";
import { common } from "#components/i18n/ko/common.ts";
import { navigation } from "#components/i18n/ko/navigation.ts";
import { refusals } from "#components/i18n/ko/refusals.ts";
import { LanguageProvider } from "#components/i18n/language-provider.tsx";

const texts = { common, navigation, refusals };

/** What every page says, in Korean; the other language stays on the server. */
export default function Korean({ children }: { children: ReactNode }) {
  return (
    <LanguageProvider language="ko" texts={texts}>
      {children}
    </LanguageProvider>
  );
}
